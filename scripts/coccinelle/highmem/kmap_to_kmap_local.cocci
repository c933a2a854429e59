// SPDX-License-Identifier: GPL-2.0-or-later
///
/// kmap() and kmap_atomic() are deprecated: kmap_local_page() needs no global
/// lock and leaves preemption and page faults alone. A mapping that is used
/// for one copy or one fill only is a call of memcpy_to_page(),
/// memcpy_from_page(), memzero_page() or their folio relatives.
///
//# kmap() is changed where the address stays in a local variable and every
//# use and release of it is in the same function, with no other mapping alive.
//# kmap_atomic() is changed where nothing but copies, fills, flushes and byte
//# order conversions stand between it and its release, so that nothing can
//# rely on disabled preemption or page faults. The folio forms assume that the
//# page is the head page of the folio, as &folio->page says.
///
// Confidence: Moderate
// Copyright: (C) 2026 The kmapcheck authors.
// Comments: variables that are no longer used are removed.
// Options: --no-includes --include-headers
// Keywords: kmap, kmap_atomic, kmap_local_page, memcpy_to_page, memcpy_to_folio

virtual context
virtual report
virtual org
virtual patch

@initialize:ocaml@
@@
type at = string * int * int
let at (q : Coccilib.pos list) : at =
	let q = List.hd q in (q.Coccilib.file, q.Coccilib.line, q.Coccilib.col)

let say (p : Coccilib.pos list) msg =
	let p = List.hd p in
	Printf.printf "%s:%d:%d-%d: WARNING: %s\n" p.Coccilib.file p.Coccilib.line p.Coccilib.col
		p.Coccilib.col_end msg

let first_time : (at, unit) Hashtbl.t = Hashtbl.create 16
let first p =
	if Hashtbl.mem first_time (at p) then false
	else begin Hashtbl.replace first_time (at p) (); true end

(* calls that neither sleep nor fault, whatever they are given *)
let harmless f =
	List.mem f [ "memcpy"; "memset"; "memmove"; "memcmp"; "memchr"; "memchr_inv"; "clear_page";
		     "copy_page"; "flush_dcache_page"; "flush_dcache_folio"; "kmap_atomic";
		     "kunmap_atomic"; "min"; "max"; "min_t"; "max_t"; "le16_to_cpu"; "le32_to_cpu";
		     "le64_to_cpu"; "cpu_to_le16"; "cpu_to_le32"; "cpu_to_le64"; "be16_to_cpu";
		     "be32_to_cpu"; "be64_to_cpu"; "cpu_to_be16"; "cpu_to_be32"; "cpu_to_be64";
		     "offset_in_page"; "sg_page"; "bio_page"; "folio_page"; "likely"; "unlikely";
		     "sizeof"; "le32_add_cpu"; "le16_add_cpu" ]

(* and calls that may, but that keep nothing of an address that they are given *)
let forgetful f =
	harmless f ||
	List.mem f [ "copy_from_user"; "copy_to_user"; "strlen"; "strnlen"; "strcmp"; "strncmp";
		     "strscpy"; "snprintf"; "scnprintf"; "crc32"; "crc32_le"; "crc32c"; "kmap";
		     "kunmap"; "put_page"; "unlock_page"; "lock_page"; "SetPageUptodate";
		     "set_page_dirty"; "PAGE_ALIGN"; "pr_debug"; "pr_err"; "mutex_lock"; "mutex_unlock" ]

let refused : (at, unit) Hashtbl.t = Hashtbl.create 16
let refuse p = Hashtbl.replace refused (at p) ()

(* of the kmap_atomic() of one function all are changed or none: they are nested *)
let atomics : (string * int, at) Hashtbl.t = Hashtbl.create 16
let elt (q : Coccilib.pos list) = let q = List.hd q in Coccilib.(q.file, q.current_element_line)

(* which mapping a release belongs to; one release of two mappings refuses both
   if one of them has to stay *)
let pairs : (at, at * string) Hashtbl.t = Hashtbl.create 16
let paired p = Hashtbl.fold (fun _ (p2, _) acc -> acc || p2 = p) pairs false
let rec settle () =
	let again = ref false in
	Hashtbl.iter (fun q (p, v) ->
		let all = Hashtbl.find_all pairs q in
		if not (Hashtbl.mem refused p) &&
		   List.exists (fun (p2, v2) -> Hashtbl.mem refused p2 || v2 <> v) all then begin
			Hashtbl.replace refused p ();
			again := true
		end) pairs;
	Hashtbl.iter (fun e p -> if not (Hashtbl.mem refused p) &&
		List.exists (fun q -> Hashtbl.mem refused q || not (paired q)) (Hashtbl.find_all atomics e) then begin
			Hashtbl.replace refused p ();
			again := true
		end) (Hashtbl.copy atomics);
	if !again then settle ()
let fine p = settle (); paired (at p) && not (Hashtbl.mem refused (at p))

// ---- kmap()

@old@
local idexpression a;
expression P;
position p;
type T;
@@
a = (T)kmap@p(P)

@oldpair depends on old exists@
local idexpression a;
expression P, E;
position old.p, q;
type T;
@@
a = (T)kmap@p(P)
... when any
    when != kunmap(P)
    when != P = E
kunmap@q(P)

@script:ocaml@
p << old.p;
q << oldpair.q;
a << oldpair.a;
@@
Hashtbl.add pairs (at q) (at p, a)

// the address leaves, or something else is mapped meanwhile
@oldleaves depends on old exists@
local idexpression a, b;
expression P, E, E1, E2;
identifier f, g;
identifier s : script:ocaml() { not (forgetful s) };
identifier m = {kmap, kmap_local_page, kmap_local_folio, kmap_atomic};
position old.p;
type T, T2;
@@
a = (T)kmap@p(P)
... when any
    when != kunmap(P)
(
s(...)
|
\(E1->f\|E1.f\|(*E1)\)(...)
|
m(...)
|
 &a
|
b = \((T2)a\|(T2)(a + E)\|&a[E]\|&a->g\)
|
\(E1->f\|E1.f\|*E1\|E1[E2]\) = \((T2)a\|(T2)(a + E)\|&a[E]\|&a->g\)
|
a = E
|
a++
|
P = E
)

@script:ocaml depends on oldleaves@
p << old.p;
@@
refuse p

@oldreturns depends on old exists@
local idexpression a;
expression P;
position old.p;
type T;
@@
a = (T)kmap@p(P)
... when any
    when != kunmap(P)
return ...;

@script:ocaml depends on oldreturns@
p << old.p;
@@
refuse p

// released without having been mapped here
@oldelse depends on old exists@
expression P;
identifier fn;
position q;
@@
fn(...) {
... when any
    when != kmap(P)
kunmap@q(P)
... when any
}

@script:ocaml@
q << oldelse.q;
@@
List.iter (fun (p, _) -> Hashtbl.replace refused p ()) (Hashtbl.find_all pairs (at q))

// ---- kmap_atomic()

@atomic@
local idexpression a;
position p;
@@
a = <+... kmap_atomic@p(...) ...+>

@script:ocaml@
p << atomic.p;
@@
Hashtbl.add atomics (elt p) (at p)

@atomicpair depends on atomic exists@
local idexpression a;
position p, q;
@@
(
a = <+... kmap_atomic@p(...) ...+>
)
... when any
    when != kunmap_atomic(<+... a ...+>)
kunmap_atomic@q(<+... a ...+>)

@script:ocaml@
p << atomicpair.p;
q << atomicpair.q;
a << atomicpair.a;
@@
Hashtbl.add pairs (at q) (at p, a)

@atomicleaves depends on atomic exists@
local idexpression a, b;
expression E, E1, E2;
identifier f, g;
identifier s : script:ocaml() { not (harmless s) };
position p;
type T2;
@@
(
a = <+... kmap_atomic@p(...) ...+>
)
... when any
    when != kunmap_atomic(<+... a ...+>)
(
s(...)
|
\(E1->f\|E1.f\|(*E1)\)(...)
|
 &a
|
b = \((T2)a\|(T2)(a + E)\|&a[E]\|&a->g\)
|
\(E1->f\|E1.f\|*E1\|E1[E2]\) = \((T2)a\|(T2)(a + E)\|&a[E]\|&a->g\)
|
a = E
)

@script:ocaml@
p << atomicleaves.p;
@@
refuse p

@atomicreturns depends on atomic exists@
local idexpression a;
position p;
@@
(
a = <+... kmap_atomic@p(...) ...+>
)
... when any
    when != kunmap_atomic(<+... a ...+>)
return ...;

@script:ocaml@
p << atomicreturns.p;
@@
refuse p

// ---- what is exactly a helper

@helper depends on !patch@
local idexpression a;
typedef u8;
idexpression {char *, void *, u8 *, unsigned char *, const char *, const void *, const u8 *} b;
expression P, F, off, len, o;
{char *, void *, u8 *, unsigned char *, const char *, const void *, const u8 *} src, dst;
type T;
position p;
@@
(
a = (T)kmap_local_folio(F, off);
memcpy(<+... a ...+>, <+... a ...+>, ...);
|
a = (T)kmap_local_page(P);
memcpy(<+... a ...+>, <+... a ...+>, ...);
|
a = (T)kmap_local_folio@p(F, off);
memcpy(a, src, len);
flush_dcache_folio(F);
kunmap_local(a);
|
a = (T)kmap_local_folio@p(F, off);
memset(a, 0, len);
flush_dcache_folio(F);
kunmap_local(a);
|
a = (T)kmap_local_page@p(P);
memcpy(a, src, len);
flush_dcache_page(P);
kunmap_local(a);
|
a = (T)kmap_local_page@p(P);
memcpy(\(b\&a\) + o, src, len);
flush_dcache_page(P);
kunmap_local(a);
|
a = (T)kmap_local_page@p(P);
memset(a, 0, len);
flush_dcache_page(P);
kunmap_local(a);
|
a = (T)kmap_local_page@p(P);
memset(\(b\&a\) + o, 0, len);
flush_dcache_page(P);
kunmap_local(a);
|
a = (T)kmap_local_folio@p(F, off);
memcpy(a, src, len);
kunmap_local(a);
flush_dcache_folio(F);
|
a = (T)kmap_local_folio@p(F, off);
memset(a, 0, len);
kunmap_local(a);
flush_dcache_folio(F);
|
a = (T)kmap_local_page@p(P);
memcpy(a, src, len);
kunmap_local(a);
flush_dcache_page(P);
|
a = (T)kmap_local_page@p(P);
memcpy(\(b\&a\) + o, src, len);
kunmap_local(a);
flush_dcache_page(P);
|
a = (T)kmap_local_page@p(P);
memset(a, 0, len);
kunmap_local(a);
flush_dcache_page(P);
|
a = (T)kmap_local_page@p(P);
memset(\(b\&a\) + o, 0, len);
kunmap_local(a);
flush_dcache_page(P);
|
a = (T)kmap_local_folio@p(F, off);
memcpy(dst, a, len);
kunmap_local(a);
|
a = (T)kmap_local_page@p(P);
memcpy(dst, a, len);
kunmap_local(a);
|
a = (T)kmap_local_page@p(P);
memcpy(dst, \(b\&a\) + o, len);
kunmap_local(a);
)

@foliopage@
expression F;
position p;
@@
\(kmap_local_page@p\|flush_dcache_page@p\)(&F->page)

@script:ocaml depends on report@
p << old.p;
@@
if fine p && first p then say p "kmap() is deprecated, kmap_local_page() does it here"

@script:ocaml depends on report@
p << atomic.p;
@@
if fine p && first p then say p "kmap_atomic() is deprecated, kmap_local_page() does it here"

@script:ocaml depends on report@
p << helper.p;
a << helper.a;
@@
if first p then say p (Printf.sprintf "'%s' is mapped for one copy or fill only: there is a helper" a)

@script:ocaml depends on report@
p << foliopage.p;
f << foliopage.F;
@@
if first p then say p (Printf.sprintf "the page of folio '%s': there is a folio function" f)

@script:ocaml depends on org@
p << old.p;
@@
if fine p && first p then
	Coccilib.print_main "WARNING: kmap() is deprecated, kmap_local_page() does it here" p

@script:ocaml depends on org@
p << atomic.p;
@@
if fine p && first p then
	Coccilib.print_main "WARNING: kmap_atomic() is deprecated, kmap_local_page() does it here" p

@script:ocaml depends on org@
p << helper.p;
@@
if first p then Coccilib.print_main "WARNING: mapped for one copy or fill only: there is a helper" p

@script:ocaml depends on org@
p << foliopage.p;
@@
if first p then Coccilib.print_main "WARNING: the page of a folio: there is a folio function" p

// what each call becomes
@call depends on patch || context@
identifier c = {kmap, kunmap, kmap_atomic, kunmap_atomic};
position q;
@@
c@q(...)

@script:ocaml pick depends on patch || context@
q << call.q;
c << call.c;
renamed; given; newname; address;
@@
let x = List.hd q in
let full on =
	let n k = if on then k else 0 in
	Coccilib.make_full_position x.Coccilib.file x.Coccilib.current_element
		x.Coccilib.current_element_line x.Coccilib.current_element_col
		x.Coccilib.current_element_line_end x.Coccilib.current_element_col_end
		(n x.Coccilib.line) (n x.Coccilib.col)
		(n x.Coccilib.line_end) (n x.Coccilib.col_end) in
let owner = match Hashtbl.find_opt pairs (at q) with
	| Some (p, v) when not (Hashtbl.mem refused p) -> Some v
	| _ -> None in
let maps = c = "kmap" || c = "kmap_atomic" in
let go = if maps then fine q else (settle (); owner <> None) in
renamed := full (go && c <> "kunmap");
given := full (go && c = "kunmap");
newname := Coccilib.make_ident (if maps then "kmap_local_page" else "kunmap_local");
address := Coccilib.make_expr (match owner with Some v -> v | None -> "0");
Coccilib.include_match (go && first q)

@depends on context && pick@
position call.q;
identifier c;
@@
*c@q(...)

@depends on context && helper@
position helper.p;
identifier m;
@@
*m@p(...)

@depends on context && foliopage@
position foliopage.p;
identifier m;
@@
*m@p(...)

// ---- the changes

@depends on patch && pick@
position pick.renamed, pick.given;
identifier pick.newname;
expression pick.address;
identifier c;
expression E;
@@
(
-c@renamed
+newname
 (E)
|
-c@given(E)
+kunmap_local(address)
)

@depends on patch@
expression F;
@@
(
-kmap_local_page(&F->page)
+kmap_local_folio(F, 0)
|
-flush_dcache_page(&F->page)
+flush_dcache_folio(F)
)

@change depends on patch@
local idexpression a;
idexpression {char *, void *, u8 *, unsigned char *, const char *, const void *, const u8 *} b;
expression P, F, off, len, o;
{char *, void *, u8 *, unsigned char *, const char *, const void *, const u8 *} src, dst;
type T;
@@
(
a = (T)kmap_local_folio(F, off);
memcpy(<+... a ...+>, <+... a ...+>, ...);
|
a = (T)kmap_local_page(P);
memcpy(<+... a ...+>, <+... a ...+>, ...);
|
-a = (T)kmap_local_folio(F, off);
-memcpy(a, src, len);
-flush_dcache_folio(F);
-kunmap_local(a);
+memcpy_to_folio(F, off, src, len);
|
-a = (T)kmap_local_folio(F, off);
-memset(a, 0, len);
-flush_dcache_folio(F);
-kunmap_local(a);
+folio_zero_range(F, off, len);
|
-a = (T)kmap_local_page(P);
-memcpy(a, src, len);
-flush_dcache_page(P);
-kunmap_local(a);
+memcpy_to_page(P, 0, src, len);
|
-a = (T)kmap_local_page(P);
-memcpy(\(b\&a\) + o, src, len);
-flush_dcache_page(P);
-kunmap_local(a);
+memcpy_to_page(P, o, src, len);
|
-a = (T)kmap_local_page(P);
-memset(a, 0, len);
-flush_dcache_page(P);
-kunmap_local(a);
+memzero_page(P, 0, len);
|
-a = (T)kmap_local_page(P);
-memset(\(b\&a\) + o, 0, len);
-flush_dcache_page(P);
-kunmap_local(a);
+memzero_page(P, o, len);
|
-a = (T)kmap_local_folio(F, off);
-memcpy(a, src, len);
-kunmap_local(a);
-flush_dcache_folio(F);
+memcpy_to_folio(F, off, src, len);
|
-a = (T)kmap_local_folio(F, off);
-memset(a, 0, len);
-kunmap_local(a);
-flush_dcache_folio(F);
+folio_zero_range(F, off, len);
|
-a = (T)kmap_local_page(P);
-memcpy(a, src, len);
-kunmap_local(a);
-flush_dcache_page(P);
+memcpy_to_page(P, 0, src, len);
|
-a = (T)kmap_local_page(P);
-memcpy(\(b\&a\) + o, src, len);
-kunmap_local(a);
-flush_dcache_page(P);
+memcpy_to_page(P, o, src, len);
|
-a = (T)kmap_local_page(P);
-memset(a, 0, len);
-kunmap_local(a);
-flush_dcache_page(P);
+memzero_page(P, 0, len);
|
-a = (T)kmap_local_page(P);
-memset(\(b\&a\) + o, 0, len);
-kunmap_local(a);
-flush_dcache_page(P);
+memzero_page(P, o, len);
|
-a = (T)kmap_local_folio(F, off);
-memcpy(dst, a, len);
-kunmap_local(a);
+memcpy_from_folio(dst, F, off, len);
|
-a = (T)kmap_local_page(P);
-memcpy(dst, a, len);
-kunmap_local(a);
+memcpy_from_page(dst, P, 0, len);
|
-a = (T)kmap_local_page(P);
-memcpy(dst, \(b\&a\) + o, len);
-kunmap_local(a);
+memcpy_from_page(dst, P, o, len);
)

@script:ocaml gone depends on change@
a << change.a;
variable;
@@
variable := Coccilib.make_ident a

@depends on patch@
identifier gone.variable;
type T;
@@
{
... when any
-T variable;
... when != variable
    when strict
}
