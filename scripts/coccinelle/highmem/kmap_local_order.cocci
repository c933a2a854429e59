// SPDX-License-Identifier: GPL-2.0-or-later
///
/// kunmap_local() and kunmap_atomic() have to be called in reverse order of the
/// mappings: the slots of a task are a stack. On 64-bit kernels the wrong order
/// does nothing; with highmem the wrong slot is cleared.
///
//# Both addresses have to be in local variables and released under their own
//# names in the same function. patch mode swaps two or three releases that
//# follow each other; others are only reported.
///
// Confidence: High
// Copyright: (C) 2026 The kmapcheck authors.
// Comments: the report stands on the release that comes too early.
// Options: --no-includes --include-headers
// Keywords: kunmap_local, kunmap_atomic, nesting

virtual context
virtual report
virtual org
virtual patch

@initialize:ocaml@
@@
let gives_up f =
	let has sub =
		let n = String.length f and m = String.length sub in
		let rec go i = i + m <= n && (String.sub f i m = sub || go (i + 1)) in
		go 0 in
	has "unmap" || has "release" || has "put_page"

(* a release: file, line, column of its name *)
type at = string * int * int
let at (q : Coccilib.pos list) : at =
	let q = List.hd q in (q.Coccilib.file, q.Coccilib.line, q.Coccilib.col)

let seen : (at, unit) Hashtbl.t = Hashtbl.create 16
let once q =
	if Hashtbl.mem seen (at q) then false
	else begin Hashtbl.replace seen (at q) (); true end

let message k a b =
	Printf.sprintf "WARNING: %s() of '%s' before '%s', which was mapped later [kmap-order]" k a b

(* every release of the file, and the pairs of them that are the wrong way round *)
let releases : (at, unit) Hashtbl.t = Hashtbl.create 64
let wrong : (at * at, unit) Hashtbl.t = Hashtbl.create 16

let texts : (string, string * int array) Hashtbl.t = Hashtbl.create 4
let text f =
	try Hashtbl.find texts f with Not_found ->
	let ic = open_in_bin f in
	let s = really_input_string ic (in_channel_length ic) in
	close_in ic;
	let starts = ref [ 0 ] in
	String.iteri (fun i c -> if Char.code c = 10 then starts := (i + 1) :: !starts) s;
	let r = (s, Array.of_list (List.rev !starts)) in
	Hashtbl.replace texts f r; r

let offset ((f, l, c) : at) = let (_, starts) = text f in starts.(l - 1) + c

(* the release that is the statement behind this one *)
let next ((f, _, _) as r : at) =
	let (s, _) = text f in
	let n = String.length s in
	let rec close i depth =
		if i >= n then n
		else match Char.code s.[i] with
		| 40 -> close (i + 1) (depth + 1)
		| 41 when depth = 1 -> i + 1
		| 41 -> close (i + 1) (depth - 1)
		| _ -> close (i + 1) depth in
	let rec skip i =
		if i < n && (Char.code s.[i] <= 32 || Char.code s.[i] = 59) then skip (i + 1) else i in
	let there = skip (close (offset r) 0) in
	Hashtbl.fold (fun x () acc ->
		let (g, _, _) = x in
		if g = f && offset x = there then Some x else acc) releases None

(* Releases that follow each other, all the wrong way round: the first changes
   places with the last, and so on. *)
let partner q =
	let prev r = Hashtbl.fold (fun x () acc -> if next x = Some r then Some x else acc)
		releases None in
	let all l = List.for_all (fun x -> List.for_all (fun y ->
		offset x >= offset y || Hashtbl.mem wrong (x, y)) l) l in
	let rec back l = match prev (List.hd l) with
		| Some p when all (p :: l) -> back (p :: l)
		| _ -> l in
	let rec forth l = match next (List.nth l (List.length l - 1)) with
		| Some p when all (List.append l [ p ]) -> forth (List.append l [ p ])
		| _ -> l in
	let run = forth (back [ q ]) in
	let n = List.length run in
	let rec index i = function
		| x :: t -> if x = q then i else index (i + 1) t
		| [] -> 0 in
	List.nth run (n - 1 - index 0 run)

@call@
identifier k = {kunmap_local, kunmap_atomic};
position q;
@@
k@q(...)

@script:ocaml@
q << call.q;
@@
Hashtbl.replace releases (at q) ()

@order exists@
local idexpression a, b;
identifier fm1 = {kmap_local_page, kmap_local_folio, kmap_local_pfn, kmap_local_page_prot,
		  bvec_kmap_local, kmap_atomic, kmap_atomic_prot, kmap_atomic_pfn};
identifier fm2 = {kmap_local_page, kmap_local_folio, kmap_local_pfn, kmap_local_page_prot,
		  bvec_kmap_local, kmap_atomic, kmap_atomic_prot, kmap_atomic_pfn};
identifier k1 = {kunmap_local, kunmap_atomic};
identifier k2 = {kunmap_local, kunmap_atomic};
identifier fr : script:ocaml() { gives_up fr };
position p, p2, q, r;
expression E, E1, E2, E3, E4, x, y;
type T, T2;
@@
(
 a = <+... fm1@p(...) ...+>
)
 ... when any
     when != fr(..., <+... a ...+>, ...)
     when != a = E
(
 b = <+... fm2@p2(...) ...+>
)
 ... when any
     when != fr(..., <+... a ...+>, ...)
     when != fr(..., <+... b ...+>, ...)
     when != a = E
     when != b = E
     when != swap(a, ...)
     when != swap(b, ...)
 k1@q(\(x\&\(a\|a + E3\|a - E3\|(T)a\)\))
 ... when any
     when != fr(..., <+... b ...+>, ...)
     when != a = E1
     when != b = E2
     when != swap(a, ...)
     when != swap(b, ...)
 k2@r(\(y\&\(b\|b + E4\|b - E4\|(T2)b\)\))

@script:ocaml known@
a << order.a;
b << order.b;
@@
Coccilib.include_match (a <> b)

@script:ocaml@
q << order.q;
r << order.r;
@@
Hashtbl.replace wrong (at q, at r) ()

@script:ocaml depends on report@
q << order.q;
a << order.a;
b << order.b;
k << order.k1;
@@
if once q then begin
	let p = List.hd q in
	Printf.printf "%s:%d:%d-%d: %s\n" p.Coccilib.file p.Coccilib.line p.Coccilib.col
		p.Coccilib.col_end (message k a b)
end

@script:ocaml depends on org@
p << order.p;
p2 << order.p2;
q << order.q;
r << order.r;
a << order.a;
b << order.b;
k << order.k1;
@@
if once q then begin
	Coccilib.print_main (message k a b) q;
	Coccilib.print_sec "mapped" p;
	Coccilib.print_sec "mapped later" p2;
	Coccilib.print_sec "released later" r
end

@depends on context@
position order.q, order.r;
identifier order.k1, order.k2;
@@
(
*k1@q(...)
|
*k2@r(...)
)

@script:ocaml pick depends on patch@
q << order.q;
r << order.r;
@@
Coccilib.include_match (at r <> at q && partner (at q) = at r && once q)

@depends on patch && pick@
position order.q, order.r;
identifier order.k1, order.k2;
expression order.x, order.y;
@@
(
-k1@q(x);
+k2(y);
|
-k2@r(y);
+k1(x);
)
