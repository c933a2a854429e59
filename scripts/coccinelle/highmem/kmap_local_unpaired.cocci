// SPDX-License-Identifier: GPL-2.0-or-later
///
/// A page or folio mapped by kmap_local_page(), kmap_local_folio() or one of
/// their relatives has to be released on every path. On 64-bit kernels a
/// forgotten release does nothing; where there is highmem it leaks one of the
/// 16 mapping slots of the task.
///
//# The address has to be in a local variable. Silent where the address is
//# tested against NULL, stored outside of a local variable, handed to a
//# function that is named after releasing or that releases it in this file, and
//# where a statement can be reached both with and without the mapping.
//# A report names the lines in front of which the release is missing.
///
// Confidence: Moderate
// Copyright: (C) 2026 The kmapcheck authors.
// Comments: patch mode adds the release, several in reverse order of mapping, or
// Comments: turns a goto towards the label that releases.
// Options: --no-includes --include-headers
// Keywords: kmap_local_page, kmap_local_folio, kmap_atomic, kunmap_local, kunmap_atomic

virtual context
virtual report
virtual org
virtual patch

@initialize:ocaml@
@@
(* One kind of place: file, start line and column, end line and column. *)
type place = { f : string; l : int; c : int; le : int; ce : int }

let place (p : Coccilib.pos list) =
	let p = List.hd p in
	{ f = p.Coccilib.file; l = p.Coccilib.line; c = p.Coccilib.col;
	  le = p.Coccilib.line_end; ce = p.Coccilib.col_end }

let elt (p : Coccilib.pos list) =
	let p = List.hd p in
	(p.Coccilib.file, p.Coccilib.current_element_line)

let inside o i =
	(o.l, o.c) <= (i.l, i.c) && (i.le, i.ce) <= (o.le, o.ce)
let before x y = (x.l, x.c) < (y.l, y.c)
let start p = let q = List.hd p in (q.Coccilib.line, q.Coccilib.col)

let maps = [ "kmap_local_page", "kunmap_local"; "kmap_local_folio", "kunmap_local";
	     "kmap_local_pfn", "kunmap_local"; "kmap_local_page_prot", "kunmap_local";
	     "bvec_kmap_local", "kunmap_local"; "kmap_local_page_try_from_panic", "kunmap_local";
	     "kmap_atomic", "kunmap_atomic"; "kmap_atomic_prot", "kunmap_atomic";
	     "kmap_atomic_pfn", "kunmap_atomic" ]

let is_map m = List.mem_assoc m maps

let has s sub =
	let n = String.length s and m = String.length sub in
	let rec at i = i + m <= n && (String.sub s i m = sub || at (i + 1)) in
	at 0

let is_word ch = match ch with
	| ('a'..'z' | 'A'..'Z' | '0'..'9' | '_') -> true | _ -> false

(* functions of the file that release what they are given *)
let wrappers : (string * string, unit) Hashtbl.t = Hashtbl.create 16

let releases r =
	has r "unmap" || has r "release" || has r "put_page" || has r "put_folio" ||
	Hashtbl.fold (fun (_, w) () acc -> acc || w = r) wrappers false

let never r = List.mem r [ "BUG"; "panic"; "unreachable"; "do_exit"; "make_task_dead" ]

(* what the rules found *)
let stmts : (string * int, place) Hashtbl.t = Hashtbl.create 512
let live : (place * string * (int * int), unit) Hashtbl.t = Hashtbl.create 512
let rel : (place * string * (int * int), unit) Hashtbl.t = Hashtbl.create 512
let after : (place * string * (int * int), unit) Hashtbl.t = Hashtbl.create 512
let reuses : (place * string * (int * int), unit) Hashtbl.t = Hashtbl.create 512
let events : (place * string, place) Hashtbl.t = Hashtbl.create 64
let uses : (place * string, place) Hashtbl.t = Hashtbl.create 512
let doubts : (place * string, place) Hashtbl.t = Hashtbl.create 64
let derived : (place * string, place) Hashtbl.t = Hashtbl.create 64
let turns : (place * string, unit) Hashtbl.t = Hashtbl.create 16
let overwritten : (place * string, unit) Hashtbl.t = Hashtbl.create 16
let strays : (string * int, place * string) Hashtbl.t = Hashtbl.create 16

let text : (string, string array) Hashtbl.t = Hashtbl.create 4
let lines f =
	try Hashtbl.find text f with Not_found ->
	let ic = open_in_bin f in
	let rec all acc =
		match input_line ic with
		| s -> all (s :: acc)
		| exception End_of_file -> close_in ic; Array.of_list (List.rev acc) in
	let a = all [] in
	Hashtbl.replace text f a; a

let source p =
	let a = lines p.f in
	let cut s i n = if i >= String.length s then "" else
		String.sub s i (min n (String.length s - i)) in
	if p.l = p.le then cut a.(p.l - 1) p.c (p.ce - p.c)
	else begin
		let b = Buffer.create 80 in
		Buffer.add_string b (cut a.(p.l - 1) p.c max_int);
		for i = p.l to p.le - 2 do Buffer.add_char b '\n'; Buffer.add_string b a.(i) done;
		Buffer.add_char b '\n';
		Buffer.add_string b (cut a.(p.le - 1) 0 p.ce);
		Buffer.contents b
	end

let words s =
	let b = String.map (fun c -> if is_word c then c else Char.chr 32) s in
	String.split_on_char (Char.chr 32) b

(* sizeof( *v) and the places where v gets a new value are no uses of the address *)
let sized u =
	let s = String.sub (lines u.f).(u.l - 1) 0 u.c in
	let rec back i = if i > 0 && not (is_word s.[i - 1]) then back (i - 1) else i in
	let n = back (String.length s) in
	n >= 6 && String.sub s (n - 6) 6 = "sizeof"

let assigned u =
	let s = (lines u.f).(u.le - 1) in
	let n = String.length s in
	let rec skip i = if i < n && s.[i] = Char.chr 32 then skip (i + 1) else i in
	let i = skip u.ce in
	i + 1 < n && s.[i] = Char.chr 61 && s.[i + 1] <> Char.chr 61

(* name and parameters of the function that holds the place *)
let header (p : Coccilib.pos list) =
	let p = List.hd p in
	let a = lines p.Coccilib.file in
	let rec upto i acc =
		if i >= Array.length a || i >= p.Coccilib.line then acc
		else match String.index_opt a.(i) '{' with
		| Some n -> acc ^ String.sub a.(i) 0 n
		| None -> upto (i + 1) (acc ^ a.(i)) in
	let h = upto (p.Coccilib.current_element_line - 1) "" in
	let name = p.Coccilib.current_element in
	(name, List.filter (fun w -> w <> "" && w <> name) (words h))

(* does the function that holds the place return something like an address? *)
let gives_pointer (p : Coccilib.pos list) =
	let p = List.hd p in
	let a = lines p.Coccilib.file in
	let rec head i acc =
		if i >= Array.length a || i > p.Coccilib.line then acc
		else match String.index_opt a.(i) '(' with
		| Some n -> acc ^ String.sub a.(i) 0 n
		| None -> head (i + 1) (acc ^ a.(i)) in
	let h = head (p.Coccilib.current_element_line - 1) "" in
	has h "*" || has h "long" || has h "_t "

let word s from =
	let n = String.length s in
	let rec skip i = if i < n && not (is_word s.[i]) then skip (i + 1) else i in
	let i = skip from in
	let rec stop j = if j < n && is_word s.[j] then stop (j + 1) else j in
	String.sub s i (stop i - i)

type kind = Block | Return | Goto of string | Break | Continue | Loop | Switch | Case
	  | Label of string | Noreturn | Other

let kind p =
	let s = source p in
	let w = word s 0 in
	if s = "" then Other
	else if s.[0] = '{' then Block
	else match w with
	| "return" -> Return
	| "goto" -> Goto (word s 4)
	| "break" -> Break
	| "continue" -> Continue
	| "for" | "while" | "do" -> Loop
	| "switch" -> Switch
	| "case" | "default" -> Case
	| "if" | "else" -> Other
	| _ when never w -> Noreturn
	| _ ->
		let n = String.length w in
		let rest = String.trim (String.sub s n (String.length s - n)) in
		if rest <> "" && rest.[0] = ':' && String.length w > 0 then Label w
		else if has w "for_each" then Loop
		else Other

(* the statement tree of a function: made by the nesting of the places *)
let statements e = List.sort_uniq compare (Hashtbl.find_all stmts e)

let memo f =
	let tab = Hashtbl.create 512 in
	fun k -> try Hashtbl.find tab k with Not_found ->
		let r = f k in
		Hashtbl.replace tab k r; r


let parents : (place, place option) Hashtbl.t = Hashtbl.create 512
let kids : (place, place list) Hashtbl.t = Hashtbl.create 512

let parent_of all p =
	List.fold_left (fun best s ->
		if s <> p && inside s p then
			match best with
			| Some b when inside s b -> best
			| _ -> Some s
		else best) None all

let parent all p =
	try Hashtbl.find parents p with Not_found ->
	let r = parent_of all p in
	Hashtbl.replace parents p r; r

let children all p =
	try Hashtbl.find kids p with Not_found ->
	let r = List.filter (fun s -> parent all s = Some p) all in
	Hashtbl.replace kids p r; r


(* where to put the release *)
type plan = { anchor : place; behind : bool; fix : bool }

let kinds : (place, kind) Hashtbl.t = Hashtbl.create 64
let kind s =
	try Hashtbl.find kinds s with Not_found ->
	let k = kind s in
	Hashtbl.replace kinds s k; k

let jumps s = match kind s with
	| Return | Goto _ | Break | Continue -> true
	| _ -> false

let labelled s = match kind s with Label _ | Case -> true | _ -> false

(* the statement that a mapping is made in, and the one that holds that *)
let home all p =
	match parent all p with
	| Some s when kind s <> Block && kind s <> Switch && not (labelled s) ->
		let rec up s = match parent all s with
			| Some q when labelled q -> up q
			| x -> x in
		(Some s, up s)
	| x -> (None, x)

(* the loop or switch that a break or continue leaves *)
let rec left all s k = match parent all s with
	| None -> None
	| Some y -> (match kind y, k with
		| Loop, _ | Switch, Break -> Some y
		| _ -> left all y k)

(* statements of the region that control enters only with the mapping live *)
let region all p block =
	let own s = before p s &&
		(match block with Some b -> inside b s && s <> b | None -> true) in
	let jumped l = List.exists (fun s -> kind s = Goto l && not (own s)) all in
	let rec switched s = match parent all s with
		| Some y when kind y = Switch -> not (own y)
		| Some y -> switched y
		| None -> true in
	let entered s = match kind s with
		| Case -> switched s
		| Label l -> jumped l
		| _ -> false in
	let cut = List.fold_left (fun c s ->
		if own s && entered s then
			match c with
			| Some x when before x s -> c
			| _ -> Some s
		else c) None all in
	fun s -> own s && (match cut with Some x -> before s x | None -> true)

let mappings : (string * int, place * string) Hashtbl.t = Hashtbl.create 16

(* uses of the address, and of what is mapped after it and before its last use *)
let needs e (p, v) =
	let all_uses k = List.append (Hashtbl.find_all uses k) (Hashtbl.find_all derived k) in
	let own = all_uses (p, v) in
	let last = List.fold_left (fun m u -> if before m u then u else m) p own in
	let nested = List.filter (fun (q, w) ->
		(q, w) <> (p, v) && before p q && before q last) (Hashtbl.find_all mappings e) in
	List.concat (own :: List.map all_uses nested)

(*
 * Whether the mapping is live, and whether it may be released, in front of
 * a statement: the rules know it for jumps and for uses of the address, the
 * statements between them have the state of their neighbours.
 *)
let states all (p, v) dom ev =
	let cache = Hashtbl.create 64 in
	let quiet s = not (List.exists (inside s) ev) in
	let known s =
		List.filter (fun k -> inside s k && (k = s || parent all k = Some s))
			(s :: Hashtbl.find_all uses (p, v)) in
	let table s =
		let ks = List.map (fun k -> (k.l, k.c)) (known s) in
		let any tab = List.exists (fun k -> Hashtbl.mem tab (p, v, k)) ks in
		if jumps s || List.length ks > 1 then Some (any live, any rel) else None in
	let rec prev s = function
		| a :: b :: _ when b = s -> Some a
		| _ :: t -> prev s t
		| [] -> None in
	let rec next s = function
		| a :: b :: _ when a = s -> Some b
		| _ :: t -> next s t
		| [] -> None in
	let siblings s = match parent all s with
		| Some b when kind b = Block || kind b = Switch -> children all b
		| Some _ -> [ s ]
		| None -> List.filter (fun s -> parent all s = None) all in
	let rec front s =
		if ev = [] && dom s then Some (true, false)
		else if labelled s then None
		else match prev s (siblings s) with
		| Some t when not (dom t) -> Some (true, false)
		| Some t when jumps t -> None
		| Some t -> if quiet t then state t else None
		| None -> (match parent all s with
			| Some q when not (dom q) -> Some (true, false)
			| Some q when kind q = Loop && not (quiet q) -> None
			| Some q -> state q
			| None -> Some (true, false))
	and state s =
		try Hashtbl.find cache s with Not_found ->
		let r = find s in
		Hashtbl.replace cache s r; r
	and find s =
		match table s with
		| Some x -> Some x
		| None ->
		match front s with
		| Some x -> Some x
		| None ->
		match next s (siblings s) with
		| Some t when quiet s && not (labelled t) && children all s = [] -> table t
		| _ -> None in
	state

(* Whether a release may follow a statement: known as above, else that of what follows. *)
let follows all (p, v) ev tab exact =
	let rec next s = function
		| a :: b :: _ when a = s -> Some b
		| _ :: t -> next s t
		| [] -> None in
	let cache = Hashtbl.create 64 in
	let some s = List.exists (inside s) ev in
	let turn q = kind q = Loop &&
		List.exists (fun e -> inside q e && (not (inside q p) || before e p)) ev in
	let rec after_of s = try Hashtbl.find cache s with Not_found ->
		let r = find s in
		Hashtbl.replace cache s r; r
	and find s =
		match kind s, left all s (kind s) with
		| Break, Some y -> beyond y
		| Continue, Some y -> turn y || beyond y
		| _ ->
		let uses = List.filter (fun k -> inside s k && parent all k = Some s)
			(Hashtbl.find_all uses (p, v)) in
		let table = List.exists (fun k -> Hashtbl.mem tab (p, v, (k.l, k.c))) (s :: uses) in
		match children all s with
		| [] -> table || (not (jumps s) && (uses = [] || not exact) && beyond s)
		| kids -> table || List.exists after_of kids || beyond s
	and beyond s =
		let sib = match parent all s with
			| Some b when kind b = Block || kind b = Switch -> children all b
			| Some _ -> []
			| None -> List.filter (fun s -> parent all s = None) all in
		match next s sib, parent all s with
		| Some t, _ -> some t || after_of t
		| None, None -> false
		| None, Some q ->
			turn q || beyond q in
	(after_of, beyond)

(* T *v attribute = map(): the compiler may release by itself *)
let attributed (p, v) =
	let a = lines p.f in
	let s = String.sub a.(p.l - 1) 0 p.c in
	match String.rindex_opt s (Char.chr 61) with
	| Some n when n > 0 ->
		let ws = List.filter (fun w -> w <> "") (words (String.sub s 0 n)) in
		List.mem v ws && List.nth ws (List.length ws - 1) <> v
	| _ -> false

(* something that we cannot follow: no word about this mapping *)
let silent e (p, v) =
	let all = Hashtbl.find_all mappings e in
	let vars = List.map snd all in
	List.exists (fun (q, w) -> q = p && w <> v) all ||
	Hashtbl.mem doubts (p, v) || attributed (p, v) ||
	List.exists (fun (q, x) -> before p q &&
		not (List.exists (fun w -> List.mem w vars) (words x))) (Hashtbl.find_all strays e)

(* mapped on each turn of a loop that never releases *)
let turning e (p, v) =
	let all = statements e in
	let none_in y tab = not (List.exists (inside y) (Hashtbl.find_all tab (p, v))) in
	Hashtbl.mem turns (p, v) &&
	match parent all p with
	| None -> false
	| Some s ->
		match left all s Continue with
		| Some y -> none_in y events && none_in y doubts &&
			not (List.exists (fun (q, _) -> inside y q) (Hashtbl.find_all strays e))
		| None -> false

let plans e (p, v) =
	let all = statements e in
	let key = (p, v) in
	let ev = Hashtbl.find_all events key in
	let need = needs e key in
	let own, block = home all p in
	let legal = (match block with
			| Some b -> kind b = Block || kind b = Switch
			| None -> true) &&
		(match own with Some s -> children all s = [] | None -> true) in
	let dom = region all p block in
	let followed, _ = follows all key ev after true in
	let state = states all key dom ev in
	let livings = Hashtbl.create 64 and losts = Hashtbl.create 64 in
	let keep tab f s = try Hashtbl.find tab s with Not_found ->
		let r = f s in Hashtbl.replace tab s r; r in
	let rec living s = keep livings alive s
	and alive s = match children all s with
		| [] -> (match state s with Some (l, _) -> l | None -> false)
		| kids -> List.exists living kids in
	let rec lost s = keep losts forgotten s
	and forgotten s =
		dom s && living s && not (followed s) &&
		not (List.exists (inside s) ev) &&
		match children all s with
		| [] -> state s = Some (true, false)
		| kids -> List.for_all (fun k -> lost k || not (living k)) kids in
	let used s = List.exists (inside s) need in
	(* jumps below s that leave the statements of the run *)
	let rec leaving run s =
		let within t = List.exists (fun r -> inside r t) run in
		let leaves = match kind s with
			| Return -> true
			| Goto l -> not (List.exists (fun t -> kind t = Label l && within t) all)
			| (Break | Continue) as k ->
				(match left all s k with Some y -> not (within y) | None -> true)
			| _ -> false in
		let rest = List.concat (List.map (leaving run) (children all s)) in
		if leaves && living s then s :: rest else rest in
	let indirect = Hashtbl.find_all derived key in
	let mine = List.append (Hashtbl.find_all uses key) indirect in
	let own s = List.exists (inside s) mine in
	(* no use of the address where control goes from here *)
	let reused, beyond = follows all key mine reuses false in
	let clean s = match kind s with
		| Goto l -> not (reused s) && not (List.exists (fun t -> kind t = Label l &&
			List.exists (before t) indirect) all)
		| _ -> if jumps s then not (reused s) else not (beyond s) in
	let rec front s = match children all s with
		| k :: _ when labelled s -> front k
		| _ -> { anchor = s; behind = false; fix = not (jumps s && own s) && clean s } in
	let inner run = List.map front (List.concat (List.map (leaving run) run)) in
	(* a goto below s that leads into these statements *)
	let rec returns_to run s = (match kind s with
		| Goto l -> List.exists (fun t -> kind t = Label l && List.exists (fun r -> inside r t) run) all
		| _ -> false) || List.exists (returns_to run) (children all s) in
	let rec ends s = jumps s || (labelled s &&
		match List.rev (children all s) with k :: _ -> ends k | [] -> false) in
	let runs = ref [] in
	let rec segment run =
		let found = places run in
		runs := (run, found) :: !runs;
		found
	and places run =
		let rec last_use acc seen = function
			| [] -> acc
			| s :: t ->
				let seen = s :: seen in
				last_use (if used s && not (jumps s) then Some seen else acc) seen t in
		let last = List.nth run (List.length run - 1) in
		let tail = if ends last then [] else [ { anchor = last; behind = true; fix = clean last } ] in
		if kind last = Noreturn then []
		else match last_use None [] run with
		| Some (s :: _ as upto) ->
			(* behind the last use, or where the run is left: the fewer places *)
			let early = { anchor = s; behind = true; fix = clean last } :: inner upto in
			let late = List.append (inner run) tail in
			let back = List.exists (fun t -> not (List.mem t upto) && returns_to upto t) run in
			if back || List.length late < List.length early then late else early
		| _ when ends last -> inner run
		| _ -> [ front (List.hd run) ] in
	let rec sequence acc run = function
		| s :: t when kind s <> Block && lost s -> sequence acc (s :: run) t
		| rest ->
			let acc = if run = [] then acc
				  else List.append acc (segment (List.rev run)) in
			match rest with
			| [] -> acc
			| s :: t -> sequence (List.append acc (below s)) [] t
	and below s =
		let kids = children all s in
		if kind s = Block || kind s = Switch then sequence [] [] kids
		else List.concat (List.map (fun k -> sequence [] [] [ k ]) kids) in
	(* released in an if without else, and not behind it *)
	let half s =
		let rec final s = match List.rev (children all s) with
			| [] -> s
			| k :: _ -> final k in
		match word (source s) 0, children all s with
		| "if", [ k ] when List.exists (inside k) ev && state s = Some (true, false) ->
			let t = final k in
			if jumps t || followed t then []
			else [ { anchor = s; behind = false; fix = false } ]
		| _ -> [] in
	let siblings = match block with
		| Some b -> children all b
		| None -> List.filter (fun s -> parent all s = None) all in
	if not legal || silent e key then []
	else begin
		let found = sequence [] [] (List.filter (before p) siblings) in
		(* nothing is released twice: what leaves one run must not enter another *)
		let held pl t = List.exists (fun (r, f) -> not (List.memq pl f) && List.exists (fun s -> inside s t) r) !runs in
		let enters pl = match kind pl.anchor with
			| Goto l when not pl.behind ->
				List.exists (fun t -> kind t = Label l && held pl t) all
			| _ -> false in
		let falls (run, _) =
			let last = List.nth run (List.length run - 1) in
			not (ends last) && List.exists (fun (other, _) ->
				other <> run && before last (List.hd other) &&
				List.exists (fun b -> inside b last && inside b (List.hd other) &&
					parent all (List.hd other) = Some b) all) !runs in
		let sure = not (Hashtbl.mem overwritten key) && not (List.exists enters found || List.exists falls !runs) in
		let found = List.map (fun pl -> { pl with fix = pl.fix && sure }) found in
		if found <> [] then found
		else List.concat (List.map half (List.filter dom all))
	end

let planned = Hashtbl.create 16
let plan e key =
	try Hashtbl.find planned key with Not_found ->
	let r = plans e key in
	Hashtbl.replace planned key r; r

let message m v pl =
	let ls = List.sort_uniq compare (List.map (fun x -> x.anchor.l) pl) in
	if ls = [] then Printf.sprintf "WARNING: %s() of '%s' is not released before the next turn [kmap-leak]" m v
	else Printf.sprintf "WARNING: %s() of '%s' is not released on the way through line %s [kmap-leak]" m v
		(String.concat ", " (List.map string_of_int ls))

(* the call that releases: as elsewhere in the function, else by the family *)
let release_call e (p, v) =
	let family = List.assoc (source p) maps in
	let all = statements e in
	let other = List.fold_left (fun acc ev ->
		let name = source ev in
		if name = "return" || List.exists (fun (_, r) -> r = name) maps then acc
		else match parent all ev with
		| Some s when s.l = ev.l && s.c = ev.c ->
			let t = source s in Some (String.sub t 0 (String.length t - 1))
		| _ -> acc) None (Hashtbl.find_all events (p, v)) in
	match other with
	| Some t -> t
	| None -> Printf.sprintf "%s(%s)" family v

(* everything that is lost at one place, the newest mapping first *)
let lost_at e pl =
	let here = List.filter (fun key -> List.mem pl (plan e key)) (Hashtbl.find_all mappings e) in
	List.sort (fun (p, _) (q, _) -> if before p q then 1 else -1) here

(* the label that releases just these and goes on where the goto leads *)
let label_for e pl =
	let all = statements e in
	let keys = List.rev (lost_at e pl) in
	let released s (p, v) = List.exists (inside s) (Hashtbl.find_all events (p, v)) in
	let rec climb before_label keys = match before_label, keys with
		| s :: _, [ k ] when released s k ->
			(match kind s with Label l -> Some l | _ -> None)
		| s :: t, k :: ks when released s k && not (labelled s) -> climb t ks
		| s :: t, k :: ks when released s k -> climb t ks
		| _ -> None in
	match kind pl.anchor with
	| Goto l when not pl.behind ->
		(match List.filter (fun s -> kind s = Label l) all with
		| [ t ] ->
			let sib = List.filter (fun s -> parent all s = parent all t && before s t) all in
			climb (List.rev sib) keys
		| _ -> None)
	| _ -> None

// what releases a parameter of its function, or nothing that we know
@stray@
identifier K = {kunmap, kunmap_local, kunmap_atomic};
expression E;
position q;
@@
K@q(E)

@script:ocaml@
q << stray.q;
x << stray.E;
@@
Hashtbl.add strays (elt q) (place q, x);
let (f, parameters) = header q in
if List.exists (fun w -> w <> "" && List.mem w parameters) (words x) then Hashtbl.replace wrappers ((List.hd q).Coccilib.file, f) ()

@map@
local idexpression a;
identifier fm : script:ocaml() { is_map fm };
position p;
@@
(
 a = <+... fm@p(...) ...+>
)

@script:ocaml@
p << map.p;
v << map.a;
@@
Hashtbl.add mappings (elt p) (place p, v)

@stmt depends on map@
statement S;
position s;
@@
S@s

@script:ocaml@
s << stmt.s;
@@
Hashtbl.add stmts (elt s) (place s)

// where the mapping may be live
@lives depends on map exists@
local idexpression a;
identifier fm : script:ocaml() { is_map fm };
identifier fr : script:ocaml() { releases fr };
identifier f, g, L;
position p, q;
type T2;
expression E1, E2, E3;
@@
(
 a = <+... fm@p(...) ...+>
)
 ... when any
     when != fr(..., <+... a ...+>, ...)
     when != \(E1->f\|E1.f\|*E1\|E1[E2]\) = \((T2)a\|(T2)(a + E3)\|(T2)a | E3\|&a[E3]\|&a->g\)
(
 return@q;
|
 return@q ...;
|
 goto@q L;
|
 break@q;
|
 continue@q;
|
 a@q
)

@script:ocaml@
p << lives.p;
q << lives.q;
v << lives.a;
@@
Hashtbl.replace live (place p, v, start q) ()

// what ends our interest in it: a release, or a copy of the address somewhere
@event depends on map exists@
local idexpression a;
identifier fm : script:ocaml() { is_map fm };
identifier fr : script:ocaml() { releases fr };
identifier f, g;
position p, q;
type T2;
expression E1, E2, E3;
@@
(
 a = <+... fm@p(...) ...+>
)
 ... when any
(
 fr@q(..., <+... a ...+>, ...)
|
 \(E1->f\|E1.f\|*E1\|E1[E2]\) =@q \((T2)a\|(T2)(a + E3)\|(T2)a | E3\|&a[E3]\|&a->g\)
)

@script:ocaml@
p << event.p;
q << event.q;
v << event.a;
@@
Hashtbl.add events (place p, v) (place q)

@given depends on map exists@
local idexpression a;
identifier fm : script:ocaml() { is_map fm };
position p, q;
@@
(
 a = <+... fm@p(...) ...+>
)
 ... when any
 return@q <+... a ...+>;

@script:ocaml@
p << given.p;
q << given.q;
v << given.a;
@@
if gives_pointer q then Hashtbl.add events (place p, v) (place q)

// where it may be released
@released depends on map exists@
local idexpression a;
identifier fm : script:ocaml() { is_map fm };
identifier fn : script:ocaml() { is_map fn };
identifier fr : script:ocaml() { releases fr };
identifier f, g, L;
position p, q;
type T2;
expression E1, E2, E3;
@@
(
 a = <+... fm@p(...) ...+>
)
 ... when any
(
 fr(..., <+... a ...+>, ...)
|
 \(E1->f\|E1.f\|*E1\|E1[E2]\) = \((T2)a\|(T2)(a + E3)\|(T2)a | E3\|&a[E3]\|&a->g\)
)
 ... when any
     when != a = <+... fn(...) ...+>
(
 return@q;
|
 return@q ...;
|
 goto@q L;
|
 break@q;
|
 continue@q;
|
 a@q
)

@script:ocaml@
p << released.p;
q << released.q;
v << released.a;
@@
Hashtbl.replace rel (place p, v, start q) ()

// what is followed by a release
@later depends on map exists@
local idexpression a;
identifier fm : script:ocaml() { is_map fm };
identifier fn : script:ocaml() { is_map fn };
identifier fr : script:ocaml() { releases fr };
identifier f, g;
position p, q;
type T2;
expression E1, E2, E3;
identifier L;
@@
(
 a = <+... fm@p(...) ...+>
)
 ... when any
(
 return@q;
|
 return@q ...;
|
 goto@q L;
|
 a@q
)
 ... when any
     when != a = <+... fn(...) ...+>
(
 fr(..., <+... a ...+>, ...)
|
 \(E1->f\|E1.f\|*E1\|E1[E2]\) = \((T2)a\|(T2)(a + E3)\|(T2)a | E3\|&a[E3]\|&a->g\)
)

@script:ocaml@
p << later.p;
q << later.q;
v << later.a;
@@
Hashtbl.replace after (place p, v, start q) ()

@handed depends on given exists@
local idexpression a;
identifier fm : script:ocaml() { is_map fm };
identifier fn : script:ocaml() { is_map fn };
position p, q;
identifier L;
@@
(
 a = <+... fm@p(...) ...+>
)
 ... when any
(
 return@q;
|
 return@q ...;
|
 goto@q L;
|
 a@q
)
 ... when any
     when != a = <+... fn(...) ...+>
 return <+... a ...+>;

@script:ocaml@
p << handed.p;
q << handed.q;
v << handed.a;
@@
if gives_pointer q then Hashtbl.replace after (place p, v, start q) ()

@use depends on map exists@
local idexpression a;
identifier fm : script:ocaml() { is_map fm };
identifier fn : script:ocaml() { is_map fn };
position p, q;
@@
(
 a = <+... fm@p(...) ...+>
)
 ... when any
     when != a = <+... fn(...) ...+>
 a@q

@script:ocaml@
p << use.p;
q << use.q;
v << use.a;
@@
if not (assigned (place q) || sized (place q)) then Hashtbl.add uses (place p, v) (place q)

// uses of pointers that were made from the address
@derive depends on map exists@
local idexpression a;
type T;
local idexpression T *b;
identifier fm : script:ocaml() { is_map fm };
identifier fn : script:ocaml() { is_map fn };
position p, u;
@@
(
 a = <+... fm@p(...) ...+>
)
 ... when any
     when != a = <+... fn(...) ...+>
(
 b = <+... a ...+>
)
 ... when any
 b@u

@script:ocaml@
p << derive.p;
u << derive.u;
v << derive.a;
w << derive.b;
@@
if v <> w && not (assigned (place u) || sized (place u)) then
	Hashtbl.add derived (place p, v) (place u)

// what is followed by a use
@reuse depends on map exists@
local idexpression a;
identifier fm : script:ocaml() { is_map fm };
identifier fn : script:ocaml() { is_map fn };
identifier L;
position p, q, u;
@@
(
 a = <+... fm@p(...) ...+>
)
 ... when any
 goto@q L;
 ... when any
     when != a = <+... fn(...) ...+>
 a@u

@script:ocaml@
p << reuse.p;
q << reuse.q;
u << reuse.u;
v << reuse.a;
@@
if not (assigned (place u) || sized (place u)) then Hashtbl.replace reuses (place p, v, start q) ()

// mapped again while it is live, by the next turn or by another mapping
@again depends on map exists@
local idexpression a;
identifier fm : script:ocaml() { is_map fm };
identifier fn : script:ocaml() { is_map fn };
identifier fr : script:ocaml() { releases fr };
identifier f, g;
position p, r;
type T2;
expression E1, E2, E3;
@@
(
 a = <+... fm@p(...) ...+>
)
 ... when any
     when != fr(..., <+... a ...+>, ...)
     when != \(E1->f\|E1.f\|*E1\|E1[E2]\) = \((T2)a\|(T2)(a + E3)\|(T2)a | E3\|&a[E3]\|&a->g\)
(
 a = <+... fn@r(...) ...+>
)

@script:ocaml@
p << again.p;
r << again.r;
v << again.a;
@@
Hashtbl.replace (if place p = place r then turns else overwritten) (place p, v) ()

// What we cannot follow: the address of the variable, a test of the address, an
// address made from it that is itself released, returned or stored.
@doubt depends on map exists@
local idexpression a;
identifier fm : script:ocaml() { is_map fm };
position p, q;
@@
(
 a = <+... fm@p(...) ...+>
)
 ... when any
(
 &a@q
|
 a@q == NULL
|
 a@q != NULL
|
 IS_ERR(a@q)
|
 IS_ERR_OR_NULL(a@q)
)

@script:ocaml@
p << doubt.p;
q << doubt.q;
v << doubt.a;
@@
Hashtbl.add doubts (place p, v) (place q)

@holder depends on map exists@
local idexpression a;
identifier fm : script:ocaml() { is_map fm };
position p, q;
type T1;
identifier x, f;
@@
(
 a = <+... fm@p(...) ...+>
)
 ... when any
 T1 x@q = {..., .f = a, ...};

@script:ocaml@
p << holder.p;
q << holder.q;
v << holder.a;
@@
Hashtbl.add doubts (place p, v) (place q)

@alias depends on map exists@
local idexpression a, b;
identifier fm : script:ocaml() { is_map fm };
identifier f, g;
position p, q;
type T2, T3;
expression E1, E2, E3, E4;
@@
(
 a = <+... fm@p(...) ...+>
)
 ... when any
(
 b@q = \((T3)a\|(T3)(a + E4)\|&a[E4]\|&a->g\)
)
 ... when any
(
 return <+... b ...+>;
|
 \(E1->f\|E1.f\|*E1\|E1[E2]\) = \((T2)b\|(T2)(b + E3)\|(T2)b | E3\|&b[E3]\|&b->g\)
)

@script:ocaml@
p << alias.p;
q << alias.q;
v << alias.a;
@@
Hashtbl.add doubts (place p, v) (place q)

@unalias depends on map exists@
local idexpression a, b;
identifier fm : script:ocaml() { is_map fm };
identifier fr : script:ocaml() { releases fr };
position p, q;
@@
(
 a = <+... fm@p(...) ...+>
)
 ... when any
(
 b@q = <+... a ...+>
)
 ... when any
 fr(..., <+... b ...+>, ...)

@script:ocaml@
p << unalias.p;
q << unalias.q;
v << unalias.a;
@@
Hashtbl.add doubts (place p, v) (place q)

// the result is thrown away
@thrown@
identifier fm : script:ocaml() { is_map fm };
position p;
@@
(
 fm@p(...);
|
 (void)fm@p(...);
)

@script:ocaml depends on report@
p << thrown.p;
m << thrown.fm;
@@
let q = place p in
Printf.printf "%s:%d:%d-%d: WARNING: the result of %s() is not kept: nothing can release it [kmap-leak]\n" q.f q.l q.c q.ce m

@script:ocaml depends on report@
p << map.p;
v << map.a;
m << map.fm;
@@
let pl = plan (elt p) (place p, v) in
let q = place p in
if pl <> [] || turning (elt p) (place p, v) then
	Printf.printf "%s:%d:%d-%d: %s\n" q.f q.l q.c q.ce (message m v pl)

@script:ocaml depends on org@
p << thrown.p;
m << thrown.fm;
@@
Coccilib.print_main ("WARNING: the result of " ^ m ^ "() is not kept: nothing can release it [kmap-leak]") p

@script:ocaml depends on org@
p << map.p;
v << map.a;
m << map.fm;
@@
let pl = plan (elt p) (place p, v) in
if pl <> [] || turning (elt p) (place p, v) then Coccilib.print_main (message m v pl) p

// One environment for each place of a release: the position that has a value
// says what is to be done there (spatch takes one change of a place only).
@script:ocaml pick depends on patch || context@
s << stmt.s;
b1; b2; b3; a1; a2; a3; g; e1; e2; e3; l;
@@
let e = elt s in
let pq = List.hd s in
let at (x : Coccilib.pos) on =
	let n k = if on then k else 0 in
	Coccilib.make_full_position x.file x.current_element
		x.current_element_line x.current_element_col
		x.current_element_line_end x.current_element_col_end
		(n x.line) (n x.col) (n x.line_end) (n x.col_end) in
let mine = List.filter (fun (_, pl) -> pl.fix && pl.anchor = place s)
	(List.concat (List.map (fun k -> List.map (fun pl -> (k, pl)) (plan e k)) (Hashtbl.find_all mappings e))) in
let pl = match mine with (_, pl) :: _ when List.for_all (fun (_, x) -> x = pl) mine -> Some pl | _ -> None in
let keys = match pl with Some pl -> lost_at e pl | None -> [] in
let n = List.length keys in
let first = keys <> [] && n <= 3 in
let behind = match pl with Some pl -> pl.behind | None -> false in
let label = match pl with Some pl -> label_for e pl | None -> None in
let plain = first && label = None in
let call i = Coccilib.make_expr (if i < n then release_call e (List.nth keys i) else "0") in
b1 := at pq (plain && not behind && n = 1);
b2 := at pq (plain && not behind && n = 2);
b3 := at pq (plain && not behind && n = 3);
a1 := at pq (plain && behind && n = 1);
a2 := at pq (plain && behind && n = 2);
a3 := at pq (plain && behind && n = 3);
g := at pq (first && label <> None);
e1 := call 0;
e2 := call 1;
e3 := call 2;
l := Coccilib.make_ident (match label with Some x -> x | None -> "none");
Coccilib.include_match first

@depends on patch@
position pick.b1, pick.b2, pick.b3, pick.a1, pick.a2, pick.a3, pick.g;
expression pick.e1, pick.e2, pick.e3;
identifier pick.l;
statement S;
@@
(
+e1;
S@b1
|
+e1;
+e2;
S@b2
|
+e1;
+e2;
+e3;
S@b3
|
S@a1
+e1;
|
S@a2
+e1;
+e2;
|
S@a3
+e1;
+e2;
+e3;
|
-S@g
+goto l;
)

@depends on context@
position pick.b1, pick.b2, pick.b3, pick.a1, pick.a2, pick.a3, pick.g;
statement S;
@@
(
*S@b1
|
*S@b2
|
*S@b3
|
*S@a1
|
*S@a2
|
*S@a3
|
*S@g
)

