// SPDX-License-Identifier: GPL-2.0-or-later
///
/// kunmap_local() and kunmap_atomic() take the address that the mapping gave,
/// kunmap() takes the page, flush_dcache_page() and flush_dcache_folio() take a
/// page and a folio. All of these but the last two take void pointers or do
/// nothing on 64-bit kernels, so a wrong argument or the release of another
/// family goes unnoticed there.
/// A mapping whose address is thrown away cannot be released at all.
///
//# The address has to be in a local variable that was mapped in the same
//# function. Silent where mappings of several families reach the release.
///
// Confidence: High
// Copyright: (C) 2026 The kmapcheck authors.
// Comments: patch mode replaces the call by the one that fits the mapping.
// Options: --no-includes --include-headers
// Keywords: kunmap_local, kunmap_atomic, kunmap, flush_dcache_page

virtual context
virtual report
virtual org
virtual patch

@initialize:ocaml@
@@
type at = string * int * int
let at (q : Coccilib.pos list) : at =
	let q = List.hd q in (q.Coccilib.file, q.Coccilib.line, q.Coccilib.col)

let locals = [ "kmap_local_page"; "kmap_local_folio"; "kmap_local_pfn"; "kmap_local_page_prot";
	       "bvec_kmap_local" ]
let atomics = [ "kmap_atomic"; "kmap_atomic_prot"; "kmap_atomic_pfn" ]
let release_of m =
	if List.mem m locals then "kunmap_local"
	else if List.mem m atomics then "kunmap_atomic"
	else "kunmap"
let is_map m = m = "kmap" || List.mem m locals || List.mem m atomics
let is_local m = is_map m && m <> "kmap"
let is_flush f = f = "flush_dcache_page" || f = "flush_dcache_folio"

let has s sub =
	let n = String.length s and m = String.length sub in
	let rec go i = i + m <= n && (String.sub s i m = sub || go (i + 1)) in
	go 0
let gives_up f = has f "unmap" || has f "release" || has f "put_page"

(* what should stand at a call, by each mapping that reaches it *)
let right : (at, string) Hashtbl.t = Hashtbl.create 16
let wrong : (at, string * string) Hashtbl.t = Hashtbl.create 16

let note q good bad why =
	if not (List.mem good (Hashtbl.find_all right (at q))) then Hashtbl.add right (at q) good;
	if bad then Hashtbl.replace wrong (at q) (good, why)

(* the one call that is right for every mapping that reaches the place *)
let finding q =
	match Hashtbl.find_opt wrong (at q), Hashtbl.find_all right (at q) with
	| Some (good, why), [ _ ] -> Some (good, why)
	| _ -> None

let seen : (at, unit) Hashtbl.t = Hashtbl.create 16
let once q =
	if Hashtbl.mem seen (at q) then false
	else begin Hashtbl.replace seen (at q) (); true end

let message good why = Printf.sprintf "WARNING: %s, should be %s [kmap-wrong-arg]" why good
let lost m = Printf.sprintf "WARNING: the result of %s() is not kept: nothing can release it [kmap-leak]" m

@released exists@
local idexpression a;
expression O, E;
identifier m : script:ocaml() { is_map m };
identifier fr : script:ocaml() { gives_up fr };
identifier k = {kunmap_local, kunmap_atomic, kunmap};
position p, q;
@@
(
 a = <+... m@p(O, ...) ...+>
)
 ... when any
     when != fr(..., <+... a ...+>, ...)
     when != a = E
 k@q(\(a\|a + E\|a - E\))

@script:ocaml@
q << released.q;
a << released.a;
m << released.m;
k << released.k;
o << released.O;
@@
let good = release_of m in
let call = if good = "kunmap" then "kunmap(" ^ o ^ ")" else good ^ "(" ^ a ^ ")" in
let why = if k = "kunmap" && good = "kunmap" then Printf.sprintf "kunmap() of the address '%s'" a
	  else Printf.sprintf "%s() of '%s' from %s()" k a m in
note q call (k <> good || k = "kunmap") why

// the page or folio instead of its address, or kunmap() for another family
@object exists@
local idexpression a;
expression O, E;
identifier m : script:ocaml() { is_map m };
identifier fr : script:ocaml() { gives_up fr };
identifier k = {kunmap_local, kunmap_atomic, kunmap};
position p, q;
@@
(
 a = <+... m@p(O, ...) ...+>
)
 ... when any
     when != fr(..., <+... a ...+>, ...)
     when != a = E
     when != O = E
 k@q(O)

@script:ocaml@
q << object.q;
a << object.a;
m << object.m;
k << object.k;
o << object.O;
@@
let good = release_of m in
if good = "kunmap" then note q (k ^ "(" ^ o ^ ")") (k <> "kunmap") ""
else note q (good ^ "(" ^ a ^ ")") true (Printf.sprintf "%s(%s) for '%s' from %s()" k o a m)

// bvec_kmap_local(&bv) and kunmap(bv.bv_page)
@vector exists@
local idexpression a;
expression B, E;
identifier fr : script:ocaml() { gives_up fr };
identifier k = {kunmap_local, kunmap_atomic, kunmap};
position p, q;
@@
(
 a = bvec_kmap_local@p(&B)
)
 ... when any
     when != fr(..., <+... a ...+>, ...)
     when != a = E
 k@q(B.bv_page)

@script:ocaml@
q << vector.q;
a << vector.a;
k << vector.k;
@@
note q ("kunmap_local(" ^ a ^ ")") true (Printf.sprintf "%s() of the page for '%s' from bvec_kmap_local()" k a)

// the address of the variable
@pointer exists@
local idexpression a;
expression O, E;
identifier m : script:ocaml() { is_map m };
identifier fr : script:ocaml() { gives_up fr };
identifier k = {kunmap_local, kunmap_atomic, kunmap};
position p, q;
@@
(
 a = <+... m@p(O, ...) ...+>
)
 ... when any
     when != fr(..., <+... a ...+>, ...)
     when != a = E
 k@q(&a)

@script:ocaml@
q << pointer.q;
a << pointer.a;
m << pointer.m;
k << pointer.k;
@@
let good = release_of m in
if good <> "kunmap" then
	note q (good ^ "(" ^ a ^ ")") true (Printf.sprintf "%s() of the address of the variable '%s'" k a)

// a page or folio that is known by its type only: nothing to put in its place
@typed@
struct page *P;
struct folio *F;
identifier k = {kunmap_local, kunmap_atomic};
position q;
@@
k@q(\(P\|F\|&F->page\))

@script:ocaml@
q << typed.q;
k << typed.k;
@@
if Hashtbl.find_all right (at q) = [] then
	note q (k ^ "() of the address") true (Printf.sprintf "%s() of a page or folio" k)

// stepped over the whole page: the address is the one behind it
@stepped exists@
local idexpression a;
expression E, E1;
identifier m : script:ocaml() { is_map m };
identifier k = {kunmap_local, kunmap_atomic};
position p, q;
@@
(
 a = m@p(...)
)
 ... when any
     when != a = E
 a += PAGE_SIZE
 ... when any
     when != a = E1
     when != a -= E1
 k@q(a)

@script:ocaml@
q << stepped.q;
a << stepped.a;
k << stepped.k;
@@
Hashtbl.remove right (at q);
note q (k ^ "() of an address inside of the page") true
	(Printf.sprintf "%s() of '%s', which was stepped to the end of the page" k a)

@walked exists@
local idexpression a;
expression E, E1, E2, E3, E4;
identifier m : script:ocaml() { is_map m };
identifier k = {kunmap_local, kunmap_atomic};
position p, q;
statement S;
type T, T2;
@@
(
 a = m@p(...)
)
 ... when any
     when != a = E
 for (E1; E2; E3) S
 ... when any
     when != a = E4
     when != a -= E4
 k@q(\(a\|(T)((T2)a & PAGE_MASK)\))

@script:ocaml@
q << walked.q;
a << walked.a;
k << walked.k;
e << walked.E2;
s << walked.S;
e3 << walked.E3;
@@
let bound = match String.split_on_char (Char.chr 60) (String.concat "" (String.split_on_char (Char.chr 32) e)) with
	| [ _; b ] -> b
	| _ -> "" in
let whole = bound = "PAGE_SIZE" ||
	(has bound "PAGE_SIZE/sizeof(" && List.length (String.split_on_char (Char.chr 41) bound) = 2 &&
	 bound.[String.length bound - 1] = Char.chr 41) in
let step = a ^ "++" in
if whole && not (has s "break") && (has s step || has e3 step || has s (a ^ " ++")) then begin
	Hashtbl.remove right (at q);
	note q (k ^ "() of an address inside of the page") true
		(Printf.sprintf "%s() of '%s', which was stepped to the end of the page" k a)
end

@reached exists@
local idexpression a, b;
expression E, E1, E2, E3;
identifier m : script:ocaml() { is_map m };
identifier k = {kunmap_local, kunmap_atomic};
position q;
statement S;
@@
(
 a = m(...)
)
 ... when any
     when != a = E
(
 b = a + PAGE_SIZE
)
 ... when any
     when != a = E
     when != b = E
(
 while (\(a != b\|a < b\)) S
|
 for (E1; \(a != b\|a < b\); E2) S
)
 ... when any
     when != a = E3
     when != a -= E3
     when != a--
 k@q(a)

@script:ocaml@
q << reached.q;
a << reached.a;
k << reached.k;
s << reached.S;
@@
if not (has s "break" || has s "goto") then begin
	Hashtbl.remove right (at q);
	note q (k ^ "() of an address inside of the page") true
		(Printf.sprintf "%s() of '%s', which was stepped to the end of the page" k a)
end

@filled exists@
local idexpression a, n;
expression E, E1;
type T;
identifier m = {kmap_local_page, kmap_atomic, kmap_local_pfn, kmap_local_page_prot};
identifier k = {kunmap_local, kunmap_atomic};
position q;
@@
(
 n = \(min(E, PAGE_SIZE)\|min(PAGE_SIZE, E)\|min_t(T, E, PAGE_SIZE)\|min_t(T, PAGE_SIZE, E)\)
)
 ... when any
     when != n = E1
     when != n -= E1
     when != n--
(
 a = m(...)
)
 ... when any
     when != n = E1
     when != n -= E1
     when != n--
     when != a = E1
     when != a += E1
     when != a -= E1
     when != a--
 k@q(a + n)

@script:ocaml@
q << filled.q;
a << filled.a;
n << filled.n;
k << filled.k;
@@
Hashtbl.remove right (at q);
note q (k ^ "() of an address inside of the page") true
	(Printf.sprintf "%s() of '%s + %s', which is the end of the page where it was filled" k a n)

@backed exists@
local idexpression a;
expression E, E1;
identifier m = {kmap_local_page, kmap_atomic, kmap_local_pfn, kmap_local_page_prot};
identifier k = {kunmap_local, kunmap_atomic};
position p, q;
@@
(
 a = m@p(...)
)
 ... when any
     when != a = E
     when != a += E
     when != a++
(
 a--
|
 --a
)
 ... when any
     when != a = E1
     when != a += E1
     when != a++
 k@q(a)

@script:ocaml@
q << backed.q;
a << backed.a;
k << backed.k;
@@
Hashtbl.remove right (at q);
note q (k ^ "() of an address inside of the page") true
	(Printf.sprintf "%s() of '%s', which was stepped in front of the page" k a)

// an array of the function
@array exists@
type T;
identifier b;
expression E;
identifier k = {kunmap_local, kunmap_atomic};
position q;
@@
 T b[E];
 ... when any
 k@q(b)

@script:ocaml@
q << array.q;
b << array.b;
k << array.k;
@@
if Hashtbl.find_all right (at q) = [] then
	note q (k ^ "() of a mapping") true (Printf.sprintf "%s() of the array '%s'" k b)

// memory that was never mapped
@allocated exists@
local idexpression a;
expression E;
identifier al = {kmalloc, kzalloc, kcalloc, kmalloc_array, kmemdup, vmalloc, vzalloc, kvmalloc, kvzalloc};
identifier k = {kunmap_local, kunmap_atomic};
position q;
@@
(
 a = <+... al(...) ...+>
)
 ... when any
     when != a = E
 k@q(a)

@script:ocaml@
q << allocated.q;
a << allocated.a;
k << allocated.k;
al << allocated.al;
@@
if Hashtbl.find_all right (at q) = [] then
	note q (k ^ "() of a mapping") true (Printf.sprintf "%s() of '%s' from %s()" k a al)

@flush exists@
local idexpression a;
expression O, E;
identifier m : script:ocaml() { is_map m };
identifier f : script:ocaml() { is_flush f };
position p, q;
@@
(
 a = <+... m@p(O, ...) ...+>
)
 ... when any
     when != a = E
 f@q(\(a\|a + E\))

@script:ocaml@
q << flush.q;
a << flush.a;
m << flush.m;
f << flush.f;
o << flush.O;
@@
let good = if m = "kmap_local_folio" then "flush_dcache_folio" else "flush_dcache_page" in
note q (good ^ "(" ^ o ^ ")") true (Printf.sprintf "%s() of the address '%s'" f a)

// the address is not kept
@thrown@
identifier m : script:ocaml() { is_local m };
position p;
@@
(
 m@p(...);
|
 (void)m@p(...);
)

@script:ocaml depends on report@
p << thrown.p;
m << thrown.m;
@@
let q = List.hd p in
Printf.printf "%s:%d:%d-%d: %s\n" q.Coccilib.file q.Coccilib.line q.Coccilib.col q.Coccilib.col_end (lost m)

@script:ocaml depends on org@
p << thrown.p;
m << thrown.m;
@@
Coccilib.print_main (lost m) p

@call@
identifier k = {kunmap_local, kunmap_atomic, kunmap, flush_dcache_page, flush_dcache_folio};
position q;
@@
k@q(...)

@script:ocaml depends on report@
q << call.q;
@@
match finding q with
| Some (good, why) when once q ->
	let p = List.hd q in
	Printf.printf "%s:%d:%d-%d: %s\n" p.Coccilib.file p.Coccilib.line p.Coccilib.col
		p.Coccilib.col_end (message good why)
| _ -> ()

@script:ocaml depends on org@
q << call.q;
@@
match finding q with
| Some (good, why) when once q -> Coccilib.print_main (message good why) q
| _ -> ()

@script:ocaml pick depends on patch || context@
q << call.q;
good;
@@
match finding q with
| Some (call, _) when once q && (not (has call " of ")) ->
	good := Coccilib.make_expr (if has call " of " then "0" else call);
	Coccilib.include_match true
| _ ->
	good := Coccilib.make_expr "0";
	Coccilib.include_match false

@depends on patch && pick@
position call.q;
expression pick.good;
identifier k;
@@
-k@q(...)
+good

@depends on context && pick@
position call.q;
identifier k;
@@
*k@q(...)
