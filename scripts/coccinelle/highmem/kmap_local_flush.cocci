// SPDX-License-Identifier: GPL-2.0-or-later
///
/// After the kernel wrote to a page or folio through a mapping, the data cache
/// has to be flushed before user space can see it: flush_dcache_folio() or
/// flush_dcache_page(). On x86 that does nothing; where caches alias (arc, arm,
/// csky, m68k, mips, nios2, parisc, sh, sparc, xtensa) user space reads stale
/// data without it. kunmap_local() is no substitute.
///
//# A report needs a sign that user space will see the page: it is marked up to
//# date or its read is ended behind the write, or another path of the function
//# flushes the same object. The writes are stores and calls that are known to
//# write. Any flush, of whatever object, on the way is taken as the right one.
///
// Confidence: Low
// Copyright: (C) 2026 The kmapcheck authors.
// Comments: patch mode adds the flush behind the last write, before the release.
// Options: --no-includes --include-headers
// Keywords: flush_dcache_folio, flush_dcache_page, kmap_local_folio, kmap_local_page

virtual context
virtual report
virtual org
virtual patch

@initialize:ocaml@
@@
type at = string * int * int
let at (q : Coccilib.pos list) : at =
	let q = List.hd q in (q.Coccilib.file, q.Coccilib.line, q.Coccilib.col)

let seen : (at, unit) Hashtbl.t = Hashtbl.create 16
let once q =
	if Hashtbl.mem seen (at q) then false
	else begin Hashtbl.replace seen (at q) (); true end

let has s sub =
	let n = String.length s and m = String.length sub in
	let rec go i = i + m <= n && (String.sub s i m = sub || go (i + 1)) in
	go 0

let gives_up f = has f "unmap" || has f "release"

let maps = [ "kmap_local_page"; "kmap_local_folio"; "kmap_atomic" ]
let is_map m = List.mem m maps

(* what flushes, or writes and flushes by itself *)
let flushes f =
	has f "flush" || has f "memcpy_to_" || has f "memzero_" || has f "zero_user" ||
	has f "folio_zero" || has f "folio_fill"

(* what writes to its first argument, a page or folio, and does not flush *)
let helps h =
	List.mem h [ "memcpy_page"; "memset_page"; "memcpy_folio"; "copy_highpage";
		     "clear_highpage"; "copy_folio_from_iter_atomic"; "copy_page_from_iter_atomic" ]

(* what writes through its first argument *)
let fills f =
	List.mem f [ "memcpy"; "memset"; "memmove"; "memset32"; "memset64"; "strcpy"; "strncpy";
		     "strscpy"; "strscpy_pad"; "sprintf"; "snprintf"; "scnprintf"; "clear_page";
		     "copy_page"; "memcpy_fromio"; "copy_from_user"; "__copy_from_user";
		     "__copy_from_user_inatomic"; "copy_from_user_nofault"; "copy_from_iter";
		     "get_random_bytes" ]

(* what writes through one of its arguments *)
let unpacks f = has f "decompress" || has f "inflate"

let ends f =
	List.mem f [ "SetPageUptodate"; "folio_mark_uptodate"; "folio_end_read"; "set_pte_at" ]

let kind m = if has m "folio" then "folio" else "page"

type written = { map : at; fn : string * int; name : string; how : string; obj : string; by : string }
let elt (q : Coccilib.pos list) =
	let q = List.hd q in (q.Coccilib.file, q.Coccilib.current_element_line)

let writes : (at, written) Hashtbl.t = Hashtbl.create 64

(* Functions that fill pages of directories and symbolic links, which user space never maps: they are handed a
   struct dir_context, stand in a table as symlink or get_link, or read pages where the file has no other tables;
   and static functions that only those call. *)
let listers : (string * string, unit) Hashtbl.t = Hashtbl.create 16
let readers : (string * string, unit) Hashtbl.t = Hashtbl.create 16
let statics : (string * string, unit) Hashtbl.t = Hashtbl.create 64
let callers : (string * string, string) Hashtbl.t = Hashtbl.create 256
let tables : (string * string, unit) Hashtbl.t = Hashtbl.create 16
let file_of (q : Coccilib.pos list) = (List.hd q).Coccilib.file
let rec unmapped file seen f =
	let key = (file, f) and has_tables of_what = Hashtbl.mem tables (file, of_what) in
	Hashtbl.mem listers key ||
	(has_tables "links" && not (has_tables "files") && Hashtbl.mem readers key) ||
	(Hashtbl.mem statics key && not (List.mem f seen) && Hashtbl.mem callers key &&
	 List.for_all (unmapped file (f :: seen)) (Hashtbl.find_all callers key))
let published : (at, unit) Hashtbl.t = Hashtbl.create 16
let flushed : (at, unit) Hashtbl.t = Hashtbl.create 16
let flushes_of : (string * int, string) Hashtbl.t = Hashtbl.create 16
let releases : (at, Coccilib.pos list) Hashtbl.t = Hashtbl.create 16
let statements : (string, Coccilib.pos) Hashtbl.t = Hashtbl.create 64
let behind : (at, unit) Hashtbl.t = Hashtbl.create 16

let bare s = String.concat "" (String.split_on_char (Char.chr 32) s)
let same_object o x =
	let o = bare o and x = bare x in
	o = x || has o ("folio_page(" ^ x ^ ",") || o = "&" ^ x ^ "->page" || x = "page_folio(" ^ o ^ ")"

let leaves : (at, at * string) Hashtbl.t = Hashtbl.create 16
let flushed_returns : (at, unit) Hashtbl.t = Hashtbl.create 16

(* a number or pointer that tells of a failure, by its looks *)
let fails e =
	List.mem (bare e) [ "NULL"; "false"; "err"; "error"; "ret"; "rc"; "retval"; "status"; "res"; "result" ] ||
	has (bare e) "-E" || has e "ERR"

(* it is left by failures alone, on ways of their own *)
let failed w =
	let l = Hashtbl.find_all leaves w in
	l <> [] && List.for_all (fun (r, e) -> fails e && not (Hashtbl.mem flushed_returns r)) l

(* another branch of the function flushes the object, this one never does *)
let forgotten w r =
	r.map <> w && not (failed w) && not (Hashtbl.mem flushed w) && not (Hashtbl.mem behind w) &&
	List.exists (same_object r.obj) (Hashtbl.find_all flushes_of r.fn)

let bad w r = Hashtbl.mem published w && not (Hashtbl.mem behind w) || forgotten w r

(* of several writes through one mapping the last one counts *)
let last w r =
	Hashtbl.fold (fun w2 r2 acc -> acc && not (r2.map = r.map && w2 > w && bad w2 r2)) writes true

let finding w =
	match Hashtbl.find_opt writes w with
	| Some r when bad w r && last w r && not (unmapped (fst r.fn) [] r.by) -> Some r
	| _ -> None

let message w r =
	let early = Hashtbl.mem flushed w &&
		List.exists (same_object r.obj) (Hashtbl.find_all flushes_of r.fn) in
	Printf.sprintf "WARNING: '%s' (%s) is written and %s without flush_dcache_%s()%s [%s]" r.name r.how
		(if Hashtbl.mem published w then "marked up to date" else "left") (kind r.how)
		(if early then " behind the write" else "")
		(if early then "dcache-early-flush" else "dcache-missing-flush")
let plain o = not (has o "++" || has o "--" || has o "=")

(* the smallest statement around a place *)
let around (q : Coccilib.pos list) =
	let q = List.hd q in
	let open Coccilib in
	let inside o i = (o.line, o.col) <= (i.line, i.col) && (i.line_end, i.col_end) <= (o.line_end, o.col_end) in
	List.fold_left (fun best s ->
		if not (inside s q) then best
		else match best with
		| Some b when inside s b -> best
		| _ -> Some s) None (Hashtbl.find_all statements q.file)

let full q = match q with
	| Some x ->
		Coccilib.make_full_position x.Coccilib.file x.Coccilib.current_element
			x.Coccilib.current_element_line x.Coccilib.current_element_col
			x.Coccilib.current_element_line_end x.Coccilib.current_element_col_end
			x.Coccilib.line x.Coccilib.col x.Coccilib.line_end x.Coccilib.col_end
	| None -> Coccilib.make_full_position "" "" 0 0 0 0 0 0 0 0

@write exists@
local idexpression a;
expression O, E1, E2;
identifier m : script:ocaml() { is_map m };
identifier f : script:ocaml() { fills f };
identifier u : script:ocaml() { unpacks u };
identifier fr : script:ocaml() { gives_up fr };
identifier g;
assignment operator aop;
position p, w;
@@
(
 a = <+... m@p(O, ...) ...+>
)
 ... when any
     when != fr(..., <+... a ...+>, ...)
(
 a[E1]@w aop E2
|
 *a@w aop E2
|
 a->g@w aop E2
|
 f@w(\(a\|a + E1\|&a[E1]\|&a->g\|a->g\), ...)
|
 u@w(..., \(a\|a + E1\), ...)
)

@script:ocaml@
p << write.p;
w << write.w;
o << write.O;
a << write.a;
m << write.m;
@@
Hashtbl.replace writes (at w) { map = at p; fn = elt w; name = a; how = m; obj = o; by = (List.hd w).Coccilib.current_element }

// written and marked up to date, no flush on the way
@shown depends on write exists@
local idexpression a;
expression O, E, E1, E2;
identifier m : script:ocaml() { is_map m };
identifier f : script:ocaml() { fills f };
identifier u : script:ocaml() { unpacks u };
identifier fl : script:ocaml() { flushes fl };
identifier e : script:ocaml() { ends e };
identifier fr : script:ocaml() { gives_up fr };
identifier g;
assignment operator aop;
expression P;
position p, w, x;
@@
(
 a = <+... m@p(O, ...) ...+>
)
 ... when any
     when != fr(..., <+... a ...+>, ...)
(
 a[E1]@w aop E2
|
 *a@w aop E2
|
 a->g@w aop E2
|
 f@w(\(a\|a + E1\|&a[E1]\|&a->g\|a->g\), ...)
|
 u@w(..., \(a\|a + E1\), ...)
)
 ... when any
     when != fl(...)
     when != O = E
 e@x(P, ...)

@script:ocaml@
w << shown.w;
o << shown.O;
x << shown.P;
@@
if same_object o x then Hashtbl.replace published (at w) ()

// a flush on some way behind the write: we cannot tell which goes with which
@after depends on write exists@
local idexpression a;
expression O, E1, E2;
identifier m : script:ocaml() { is_map m };
identifier f : script:ocaml() { fills f };
identifier u : script:ocaml() { unpacks u };
identifier fl : script:ocaml() { flushes fl };
identifier fr : script:ocaml() { gives_up fr };
identifier g;
assignment operator aop;
position p, w;
@@
(
 a = <+... m@p(O, ...) ...+>
)
 ... when any
     when != fr(..., <+... a ...+>, ...)
(
 a[E1]@w aop E2
|
 *a@w aop E2
|
 a->g@w aop E2
|
 f@w(\(a\|a + E1\|&a[E1]\|&a->g\|a->g\), ...)
|
 u@w(..., \(a\|a + E1\), ...)
)
 ... when any
 fl(...)

@script:ocaml@
w << after.w;
@@
Hashtbl.replace behind (at w) ()

@before depends on write exists@
local idexpression a;
expression E1, E2;
identifier f : script:ocaml() { fills f };
identifier u : script:ocaml() { unpacks u };
identifier fl : script:ocaml() { flushes fl };
identifier g;
assignment operator aop;
position w;
@@
 fl(...)
 ... when any
(
 a[E1]@w aop E2
|
 *a@w aop E2
|
 a->g@w aop E2
|
 f@w(\(a\|a + E1\|&a[E1]\|&a->g\|a->g\), ...)
|
 u@w(..., \(a\|a + E1\), ...)
)

@script:ocaml@
w << before.w;
@@
Hashtbl.replace flushed (at w) ()

// who flushes what in this function
@flush depends on write@
expression O;
identifier fl : script:ocaml() { flushes fl };
position x;
@@
fl@x(O, ...)

@script:ocaml@
x << flush.x;
o << flush.O;
@@
Hashtbl.add flushes_of (elt x) o

// the returns that a write gets to unflushed, and those that a flush gets to
@left depends on write exists@
local idexpression a;
expression O, E, E1, E2;
identifier m : script:ocaml() { is_map m };
identifier f : script:ocaml() { fills f };
identifier u : script:ocaml() { unpacks u };
identifier fl : script:ocaml() { flushes fl };
identifier fr : script:ocaml() { gives_up fr };
identifier g;
assignment operator aop;
position p, w, r;
@@
(
 a = <+... m@p(O, ...) ...+>
)
 ... when any
     when != fr(..., <+... a ...+>, ...)
(
 a[E1]@w aop E2
|
 *a@w aop E2
|
 a->g@w aop E2
|
 f@w(\(a\|a + E1\|&a[E1]\|&a->g\|a->g\), ...)
|
 u@w(..., \(a\|a + E1\), ...)
)
 ... when any
     when != fl(...)
 return@r E;

@script:ocaml@
w << left.w;
r << left.r;
e << left.E;
@@
Hashtbl.add leaves (at w) (at r, e)

@flush_left depends on left exists@
identifier fl : script:ocaml() { flushes fl };
position r;
@@
fl(...)
 ... when any
 return@r ...;

@script:ocaml@
r << flush_left.r;
@@
Hashtbl.replace flushed_returns (at r) ()

// the release behind the write: the flush is to stand in front of it
@unmapped depends on write exists@
local idexpression a;
expression O, E1, E2;
identifier m : script:ocaml() { is_map m };
identifier f : script:ocaml() { fills f };
identifier u : script:ocaml() { unpacks u };
identifier fl : script:ocaml() { flushes fl };
identifier fr : script:ocaml() { gives_up fr };
identifier g;
assignment operator aop;
position p, w, r;
@@
(
 a = <+... m@p(O, ...) ...+>
)
 ... when any
     when != fr(..., <+... a ...+>, ...)
(
 a[E1]@w aop E2
|
 *a@w aop E2
|
 a->g@w aop E2
|
 f@w(\(a\|a + E1\|&a[E1]\|&a->g\|a->g\), ...)
|
 u@w(..., \(a\|a + E1\), ...)
)
 ... when any
     when != fl(...)
     when != fr(..., <+... a ...+>, ...)
 fr@r(..., <+... a ...+>, ...)

@script:ocaml@
w << unmapped.w;
r << unmapped.r;
@@
Hashtbl.add releases (at w) r

// helpers that map, write and release, but do not flush
@helped@
expression O;
identifier h : script:ocaml() { helps h };
position w;
@@
h@w(O, ...)

@script:ocaml@
w << helped.w;
o << helped.O;
h << helped.h;
@@
Hashtbl.replace writes (at w) { map = at w; fn = elt w; name = o; how = h; obj = o; by = (List.hd w).Coccilib.current_element }

@helped_shown depends on helped exists@
expression O, P, E;
identifier h : script:ocaml() { helps h };
identifier fl : script:ocaml() { flushes fl };
identifier e : script:ocaml() { ends e };
position w;
@@
h@w(O, ...)
 ... when any
     when != fl(...)
     when != O = E
 e(P, ...)

@script:ocaml@
w << helped_shown.w;
o << helped_shown.O;
x << helped_shown.P;
@@
if same_object o x then Hashtbl.replace published (at w) ()

@helped_after depends on helped exists@
expression O;
identifier h : script:ocaml() { helps h };
identifier fl : script:ocaml() { flushes fl };
position w;
@@
h@w(O, ...)
 ... when any
 fl(...)

@script:ocaml@
w << helped_after.w;
@@
Hashtbl.replace behind (at w) ()

// who fills what
@lister@
identifier f, c;
position q;
@@
f@q(..., struct dir_context *c, ...) { ... }

@script:ocaml@
f << lister.f;
q << lister.q;
@@
Hashtbl.replace listers (file_of q, f) ()

@table@
identifier f, s, x;
position q;
@@
struct inode_operations s@q = { ..., .x = f, ... };

@script:ocaml@
f << table.f;
q << table.q;
x << table.x;
@@
if x = "symlink" || x = "get_link" then begin
	Hashtbl.replace tables (file_of q, "links") ();
	Hashtbl.replace listers (file_of q, f) ()
end else if x = "create" || x = "lookup" then Hashtbl.replace tables (file_of q, "files") ()

@reader@
identifier f, s;
position q;
identifier x = {read_folio, readpage};
@@
struct address_space_operations s@q = { ..., .x = f, ... };

@script:ocaml@
f << reader.f;
q << reader.q;
@@
Hashtbl.replace readers (file_of q, f) ()

@files@
identifier s;
position q;
@@
struct file_operations s@q = { ... };

@script:ocaml@
q << files.q;
@@
Hashtbl.replace tables (file_of q, "files") ()

@hidden@
identifier f;
position q;
@@
static f@q(...) { ... }

@script:ocaml@
f << hidden.f;
q << hidden.q;
@@
Hashtbl.replace statics (file_of q, f) ()

@called@
identifier f;
position q;
@@
f@q(...)

@script:ocaml@
f << called.f;
q << called.q;
@@
Hashtbl.add callers (file_of q, f) (List.hd q).Coccilib.current_element

@script:ocaml depends on report@
w << write.w;
@@
match finding (at w) with
| Some r when once w ->
	let p = List.hd w in
	Printf.printf "%s:%d:%d-%d: %s\n" p.Coccilib.file p.Coccilib.line p.Coccilib.col
		p.Coccilib.col_end (message (at w) r)
| _ -> ()

@script:ocaml depends on report@
w << helped.w;
@@
match finding (at w) with
| Some r when once w ->
	let p = List.hd w in
	Printf.printf "%s:%d:%d-%d: %s\n" p.Coccilib.file p.Coccilib.line p.Coccilib.col
		p.Coccilib.col_end (message (at w) r)
| _ -> ()

@script:ocaml depends on org@
w << helped.w;
@@
match finding (at w) with
| Some r when once w -> Coccilib.print_main (message (at w) r) w
| _ -> ()

@script:ocaml depends on org@
p << write.p;
w << write.w;
@@
match finding (at w) with
| Some r when once w ->
	Coccilib.print_main (message (at w) r) w;
	Coccilib.print_sec "mapped" p
| _ -> ()

@stmt depends on write && (patch || context)@
statement S;
position s;
@@
S@s

@script:ocaml@
s << stmt.s;
@@
let p = List.hd s in Hashtbl.add statements p.Coccilib.file p

@script:ocaml star depends on context@
w << write.w;
st;
@@
st := full (around w);
Coccilib.include_match (finding (at w) <> None && once w)

@depends on context && star@
position star.st;
statement S;
@@
*S@st

// in front of the release where there is one, else behind the write
@script:ocaml pick depends on patch@
w << write.w;
o << write.O;
m << write.m;
r1; r2; w0; call;
@@
let found = finding (at w) <> None && plain o && once w in
let rs = if found then List.filter once (Hashtbl.find_all releases (at w)) else [] in
let none = Hashtbl.find_all releases (at w) = [] in
let stmt q = if q = [] then None else around q in
r1 := full (stmt (match rs with r :: _ -> r | [] -> []));
r2 := full (stmt (match rs with _ :: r :: _ -> r | _ -> []));
w0 := full (if none then stmt w else None);
call := Coccilib.make_expr (Printf.sprintf "flush_dcache_%s(%s)" (kind m) o);
Coccilib.include_match (found && (none || rs <> []))

@depends on patch@
position pick.r1, pick.r2, pick.w0;
expression pick.call;
statement S;
@@
(
+call;
S@r1
|
+call;
S@r2
|
S@w0
+call;
)
