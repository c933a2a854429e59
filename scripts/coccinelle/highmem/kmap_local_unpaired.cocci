// SPDX-License-Identifier: GPL-2.0-or-later
///
/// A page or folio mapped by kmap_local_page(), kmap_local_folio() or one of
/// their relatives has to be released on every path. On 64-bit kernels a
/// forgotten release does nothing; where there is highmem it leaks one of the
/// 16 mapping slots of the task.
///
//# The address has to be in a local variable. Silent where the variable's
//# address is taken, where the mapping is stored outside of a local variable,
//# handed to a function that is named after releasing or that releases it in
//# this file, and where a statement can be reached both with and without it.
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
type place = { f : string; l : int; c : int; le : int; ce : int }
let place (p : Coccilib.pos list) = let open Coccilib in
	let p = List.hd p in { f = p.file; l = p.line; c = p.col; le = p.line_end; ce = p.col_end }
let elt (p : Coccilib.pos list) = let p = List.hd p in Coccilib.(p.file, p.current_element_line)
let inside o i = (o.l, o.c) <= (i.l, i.c) && (i.le, i.ce) <= (o.le, o.ce)
let has s sub =
	let n = String.length s and m = String.length sub in
	let rec at i = i + m <= n && (String.sub s i m = sub || at (i + 1)) in
	at 0
let is_map m = List.mem m [ "kmap_local_page"; "kmap_local_folio"; "kmap_local_pfn"; "kmap_local_page_prot";
	"kmap_local_page_try_from_panic"; "bvec_kmap_local"; "kmap_atomic"; "kmap_atomic_prot"; "kmap_atomic_pfn" ]
let pair m = if has m "atomic" then "kunmap_atomic" else "kunmap_local"
let plain r = List.mem r [ "kunmap"; "kunmap_local"; "kunmap_atomic" ]
let never r = List.mem r [ "BUG"; "panic"; "unreachable"; "do_exit"; "make_task_dead" ]

(* functions of the file that release what they are given *)
let wrappers : (string, string) Hashtbl.t = Hashtbl.create 16
let by_name r = List.exists (has r) [ "unmap"; "release"; "put_page"; "put_folio" ]
let releases r = by_name r || Hashtbl.mem wrappers r

(* What the rules found: the statements of each function, and what happens to
   its local variables where. *)
type fact = Map of string | Free of string | Keep | Use | Assign | Step | From of string | Address | Null
let stmts : (string * int, place) Hashtbl.t = Hashtbl.create 512
let facts : (string * int, place * string * fact) Hashtbl.t = Hashtbl.create 512
let note q v f = if q <> [] then Hashtbl.add facts (elt q) (place q, v, f)
let is_mapped = function (_, _, Map _) -> true | _ -> false
let is_freed = function (_, _, (Free _ | Keep)) -> true | _ -> false
let memo f =
	let tab = Hashtbl.create 512 in
	fun k -> try Hashtbl.find tab k with Not_found ->
		let r = f k in
		Hashtbl.replace tab k r; r

(* what is known of a function; of a = b = map() the one that is released is the holder *)
let known = memo (fun e ->
	let all = List.sort_uniq compare (Hashtbl.find_all facts e) in
	let freed v = List.exists (fun (p, w, f) -> w = v && f <> Keep && is_freed (p, w, f)) all in
	let second p v = not (freed v) && 1 = List.length (List.filter (fun (q, w, f) ->
		q = p && is_mapped (q, w, f) && freed w) all) in
	let set p v = List.exists (fun (q, w, f) -> q = p && w = v &&
		match f with Assign | From _ -> true | _ -> false) all in
	List.filter (fun (p, v, f) -> match f with
		| Map _ -> not (second p v)
		| Use -> not (set p v)
		| _ -> true) all)

(* ---- the text *)
let lines = memo (fun f ->
	let ic = open_in_bin f in
	let rec all acc = match input_line ic with
		| s -> all (s :: acc)
		| exception End_of_file -> close_in ic; Array.of_list (List.rev acc) in
	all [])
let cut s i n = if i >= String.length s then "" else String.sub s i (min n (String.length s - i))
let front p = cut (lines p.f).(p.l - 1) 0 p.c
let source p =
	let a = lines p.f in
	if p.l = p.le then cut a.(p.l - 1) p.c (p.ce - p.c)
	else String.concat "\n" (cut a.(p.l - 1) p.c max_int ::
		List.init (p.le - p.l) (fun i -> if p.l + i < p.le - 1 then a.(p.l + i) else cut a.(p.le - 1) 0 p.ce))
let is_word ch = match ch with ('a'..'z' | 'A'..'Z' | '0'..'9' | '_') -> true | _ -> false
let words s = List.filter (fun w -> w <> "")
	(String.split_on_char (Char.chr 32) (String.map (fun c -> if is_word c then c else Char.chr 32) s))
let nth_word n s = match List.nth_opt (words (cut s 0 200)) n with Some w -> w | None -> ""
(* sizeof( *v) is no use of the address *)
let sized u = match List.rev (words (front u)) with "sizeof" :: _ -> true | _ -> false
let squeeze s = String.concat "" (List.filter (fun w -> w <> "")
	(String.split_on_char (Char.chr 32) (String.map (fun c -> if Char.code c < 32 then Char.chr 32 else c) s)))

(* the text of the function in front of its parameters, or of its body *)
let header (p : Coccilib.pos list) upto = let open Coccilib in
	let p = List.hd p in
	let a = lines p.file in
	let rec collect i acc =
		if i >= Array.length a || i >= p.line then acc
		else match String.index_opt a.(i) upto with
		| Some n -> acc ^ String.sub a.(i) 0 n
		| None -> collect (i + 1) (acc ^ a.(i)) in
	collect (p.current_element_line - 1) ""
let gives_pointer p = List.exists (has (header p '(')) [ "*"; "long"; "_t " ]
type kind = Block | Return | Goto of string | Break | Continue | Loop | Switch | Case
	  | Label of string | Noreturn | Other
let kind = memo (fun p ->
	let s = source p in
	if s = "" then Other
	else if s.[0] = '{' then Block
	else match nth_word 0 s with
	| "return" -> Return | "goto" -> Goto (nth_word 1 s) | "break" -> Break | "continue" -> Continue
	| "for" | "while" | "do" -> Loop
	| "switch" -> Switch | "case" | "default" -> Case | "if" | "else" -> Other
	| w when never w -> Noreturn
	| w when w <> "" && has (cut (squeeze s) (String.length w) 1) ":" -> Label w
	| w -> if has w "for_each" then Loop else Other)
let jumps s = match kind s with Return | Goto _ | Break | Continue -> true | _ -> false
let labelled s = match kind s with Label _ | Case -> true | _ -> false

(* ---- the statement tree of a function, made by the nesting of the places *)
type tree = { all : place list; decls : place list; parent : place -> place option;
	      kids : place option -> place list }
let tree = memo (fun e ->
	let s = List.sort_uniq compare (Hashtbl.find_all stmts e) in
	let parent = memo (fun p -> List.fold_left (fun best s ->
		match best with
		| _ when s = p || not (inside s p) -> best
		| Some b when inside s b -> best
		| _ -> Some s) None s) in
	(* what happens in a declaration has no statement: it is one by itself *)
	let loose p = match parent p with
		| None -> true
		| Some b -> kind b = Block && not (List.mem p s) in
	let decls = List.sort_uniq compare (List.filter loose (List.map (fun (p, _, _) -> p) (known e))) in
	let all = List.sort_uniq compare (List.append s decls) in
	{ all = all; decls = decls; parent = parent;
	  kids = memo (fun b -> List.filter (fun s -> parent s = b) all) })
(* the innermost statement around a fact *)
let home t p = if List.mem p t.decls then p else match t.parent p with Some s -> s | None -> p

(* the condition of an if that tests one variable: its name, and whether it is
   NULL or an error where the condition holds *)
let tested t s = match t.kids (Some s) with
	| k :: _ when nth_word 0 (source s) = "if" ->
		let c = squeeze (source { s with le = k.l; ce = k.c }) in
		(match words c with
		| [ "if"; v ] when c = "if(" ^ v ^ ")" -> Some (v, false)
		| [ "if"; v ] when c = "if(!" ^ v ^ ")" -> Some (v, true)
		| [ "if"; v; "NULL" ] -> Some (v, has c "==")
		| [ "if"; ("IS_ERR" | "IS_ERR_OR_NULL"); v ] -> Some (v, not (has c "!"))
		| _ -> None)
	| _ -> None

(* ---- control flow: nodes are statements and the points between them *)
type what = Stmt | Before | After | Else | Is_null of string | End
type node = { id : int; at : place; what : what; mutable next : node list; mutable prev : node list }
let graph = memo (fun e ->
	let t = tree e in
	let nodes = ref [] in
	let node at what next =
		let n = { id = List.length !nodes; at = at; what = what; next = next; prev = [] } in
		nodes := n :: !nodes; n in
	let last = node { f = fst e; l = 0; c = 0; le = 0; ce = 0 } End [] in
	let labels = memo (fun s -> node s Stmt []) in
	let rec switch s = match t.parent s with
		| Some y when kind y <> Switch -> switch y
		| y -> y in
	let endless s = let c = squeeze (cut (source s) 0 40) in
		List.exists (fun x -> cut c 0 (String.length x) = x) [ "for(;;)"; "while(1)"; "while(true)" ] in
	let rec seq kids next out = match kids with
		| [] -> next
		| [ s ] -> point s (stmt s (node s After [ next ]) out)
		| s :: rest -> point s (stmt s (seq rest next out) out)
	and point s entry = if List.mem s t.decls then entry else node s Before [ entry ]
	and branch s next out = if kind s = Block then seq (t.kids (Some s)) next out else seq [ s ] next out
	and stmt s next out =
		let kids = t.kids (Some s) in
		match kind s with
		| Block -> seq kids next out
		| Return -> node s Stmt [ last ] | Noreturn -> node s Stmt []
		| Goto l -> node s Stmt (List.map labels (List.filter (fun s -> kind s = Label l) t.all))
		| Break -> node s Stmt [ fst out ] | Continue -> node s Stmt [ snd out ]
		| Label _ | Case ->
			let n = labels s in
			n.next <- [ seq kids next out ]; n
		| Loop ->
			let h = node s Stmt [] in
			let body = match List.rev kids with b :: _ -> branch b h (next, h) | [] -> h in
			h.next <- if endless s then [ body ] else [ body; next ];
			if nth_word 0 (source s) = "do" then body else h
		| Switch ->
			let out = (next, snd out) in
			ignore (match kids with [ b ] -> branch b next out | _ -> seq kids next out);
			let cases = List.filter (fun k -> kind k = Case && switch k = Some s) t.all in
			let default = List.exists (fun k -> nth_word 0 (source k) = "default") cases in
			node s Stmt (List.append (List.map labels cases) (if default then [] else [ next ]))
		| Other when kids <> [] ->
			let null b n = match tested t s with
				| Some (v, sense) when sense = b -> node s (Is_null v) [ n ]
				| _ -> n in
			(match kids with
			| [ a; b ] when nth_word 0 (source s) = "if" ->
				node s Stmt [ null true (branch a next out); null false (branch b next out) ]
			| _ -> node s Stmt [ null true (branch (List.hd (List.rev kids)) next out);
					     null false (node s Else [ next ]) ])
		| Other -> node s Stmt [ next ] in
	let entry = seq (t.kids None) last (last, last) in
	(* only what can be reached *)
	let seen = Hashtbl.create 64 in
	let rec visit n = if not (Hashtbl.mem seen n.id) then begin
		Hashtbl.replace seen n.id ();
		List.iter (fun m -> m.prev <- n :: m.prev; visit m) n.next
	end in
	visit entry;
	(entry, List.filter (fun n -> Hashtbl.mem seen n.id) !nodes))

(* ---- what becomes of one variable: a set of states in front of each node *)
let none = 1 and gone = 2
let live m = m land lnot 3
let exact m = live m <> 0 && m land 3 = 0
let by_node f =
	let tab = Hashtbl.create 64 in
	fun (n : node) -> try Hashtbl.find tab n.id with Not_found ->
		let r = f n in
		Hashtbl.replace tab n.id r; r

(* a fixed point over the graph, along the flow or against it *)
let solve (nodes : node list) forth start bottom join transfer =
	let tab = Hashtbl.create 64 and waiting = Hashtbl.create 64 and queue = Queue.create () in
	let push n = if not (Hashtbl.mem waiting n.id) then begin
		Hashtbl.replace waiting n.id (); Queue.add n queue end in
	let get n = try Hashtbl.find tab n.id with Not_found -> bottom in
	List.iter push (if forth then nodes else List.rev nodes);
	while not (Queue.is_empty queue) do
		let n = Queue.pop queue in
		Hashtbl.remove waiting n.id;
		let v = List.fold_left (fun acc m -> join acc (transfer m (get m)))
			(start n) (if forth then n.prev else n.next) in
		if v <> get n then begin
			Hashtbl.replace tab n.id v;
			List.iter push (if forth then n.next else n.prev)
		end
	done;
	get
let happens = memo (fun e ->
	let t = tree e in
	let tab = Hashtbl.create 64 in
	List.iter (fun ((p, _, _) as x) -> Hashtbl.add tab (home t p) x) (known e);
	by_node (fun n -> if n.what = Stmt then Hashtbl.find_all tab n.at else []))
let mapped e v = List.filter (fun (p, w, f) -> w = v && is_mapped (p, w, f))
let sites = memo (fun (e, v) -> List.map (fun (p, _, _) -> p) (mapped e v (known e)))
let bit e v p =
	let rec index i = function q :: t when p <> q -> index (i + 1) t | _ -> i in
	4 lsl index 0 (sites (e, v))
let variables = memo (fun e ->
	List.sort_uniq compare (List.map (fun (_, w, _) -> w) (List.filter is_mapped (known e))))
type flow = { state : node -> int; out : node -> int; uses : node -> bool; stepped : node -> bool;
	      fresh : node -> bool; needed : node -> bool; followed : node -> bool; over : node -> bool }

(* "younger": the nodes that use what was mapped behind v, and those that map it *)
let flow e v younger planned =
	let (entry, nodes) = graph e in
	let at = happens e in
	let union a b = List.sort_uniq compare (List.append a b) in
	let is f = by_node (fun n -> List.exists (fun (_, w, x) -> w = v && f x) (at n)) in
	(* the variables that hold something made from the address *)
	let derived = solve nodes true (fun n -> if n == entry then [ v ] else []) [] union (fun n names ->
		if names = [] then [] else
		let more = List.filter_map (fun (_, w, x) -> match x with
			| From a when w <> v && List.mem a names -> Some w
			| _ -> None) (at n) in
		union more (List.filter (fun w -> w = v ||
			not (List.exists (fun (_, x, f) -> x = w && f = Assign) (at n))) names)) in
	let others f = by_node (fun n -> List.exists (fun (p, w, x) -> w <> v && f x && List.mem w (derived n)) (at n)) in
	let ends = function Free _ | Keep -> true | _ -> false in
	let used = is (fun x -> x = Use) and elsewhere = others (fun x -> x = Use) in
	let sure = is ends and loose = others ends and stepping = is (fun x -> x = Step) in
	let frees n = sure n || List.memq n planned in
	(* a release of something that no variable here holds *)
	let stray = by_node (fun n -> List.exists (fun (p, w, x) -> match x with
		| Free k when w = "" && plain k -> not (List.exists (fun (q, w, x) -> q = p && w <> "" && x = Free k &&
			(List.mem w (variables e) || List.mem w (derived n))) (at n))
		| _ -> false) (at n)) in
	let renewed = is (function Map _ -> true | _ -> false) in
	let anew = is (fun x -> x = Assign) in
	let fresh n = renewed n || anew n in
	let transfer n m = match n.what with
		| _ when m = 0 -> 0
		| Is_null w when w = v -> m land 3
		| _ ->
			let m = if live m <> 0 && (stray n || loose n) then m lor gone else m in
			let m = if frees n && m land lnot 1 <> 0 then m land 1 lor gone else m in
			if renewed n then List.fold_left (fun acc (p, _, _) ->
				acc lor bit e v p lor (if String.contains (front p) '?' then m else 0)) 0 (mapped e v (at n))
			else if anew n then none else m in
	let state = solve nodes true (fun n -> if n == entry then none else 0) 0 (lor) transfer in
	let lives n = live (state n) <> 0 in
	(* page tables are mapped by kmap_local_page() too with CONFIG_HIGHPTE *)
	let tables n = lives n && List.exists (function (_, _, Free r) -> has r "pte_unmap" | _ -> false) (at n) in
	let backward here kills =
		let behind = solve nodes false (fun _ -> false) false (||)
			(fun m later -> here m || (later && not (kills m))) in
		fun n -> here n || (behind n && not (kills n)) in
	let both own other =
		let a = backward own fresh and b = backward other renewed in
		fun n -> a n || b n in
	{ state = state; out = (fun n -> transfer n (state n)); fresh = fresh;
	  uses = (fun n -> used n || sure n || elsewhere n);
	  stepped = solve nodes true (fun _ -> false) false (||) (fun n b -> not (fresh n) && (b || stepping n));
	  needed = (let all = both (fun n -> used n || sure n) (fun n -> elsewhere n || tables n) ::
		List.map (fun (here, maps) -> backward here (fun n -> maps n || renewed n)) younger in
		fun n -> List.exists (fun f -> f n) all);
	  followed = both frees (fun n -> lives n && (stray n || loose n));
	  over = (fun n -> match n.what with
		| Is_null w -> w = v
		| End -> true
		| _ -> n.what = Stmt && kind n.at = Noreturn) }

(* ---- where a release is missing *)

(* where to put it: "fix" tells whether it can stand there; of which mappings *)
type plan = { anchor : place; where : what; fix : bool; of_sites : int }

(* Statements that control enters with the mapping live for certain, that no use
   and no release follows: the sets of them that hang together. For each the
   fewest points that every way through it passes once. *)
let regions (nodes : node list) fl =
	let lost = by_node (fun n ->
		not (fl.over n) && exact (fl.state n) && not (fl.needed n) && not (fl.followed n)) in
	let inner n = if fl.fresh n then [] else List.filter lost n.next in
	let outer n = List.filter (fun m -> lost m && not (fl.fresh m)) n.prev in
	let leaves n = fl.fresh n || List.exists (fun m -> not (lost m) && (m.what = End || not (fl.over m))) n.next in
	let enters n = List.exists (fun m -> not (List.memq m (outer n)) && live (fl.out m) <> 0) n.prev in
	let rec reach stop ways acc n =
		if List.memq n acc then acc
		else if stop n then n :: acc
		else List.fold_left (reach stop ways) (n :: acc) (ways n) in
	let all = List.fold_left (fun acc n -> if List.exists (List.memq n) acc then acc
		else reach (fun _ -> false) (fun n -> List.append (inner n) (outer n)) [] n :: acc)
		[] (List.filter lost nodes) in
	let points region elses =
		let is_point n = match n.what with Before | After -> true | Else -> elses | _ -> false in
		let from stop = List.fold_left (reach stop inner) [] in
		let entries = List.filter enters region in
		let valid x =
			let there n = List.memq n x in
			x <> [] && not (List.exists (fun n -> leaves n && not (there n)) (from there entries)) &&
			not (List.exists (fun n -> List.exists there (from there (inner n))) x) in
		let spot n = if n.what = Before then (n.at.l, n.at.c, 0) else (n.at.le, n.at.ce, 1) in
		let all = List.sort (fun a b -> compare (spot a) (spot b)) (List.filter is_point region) in
		let single = match List.filter (fun c -> valid [ c ]) all with c :: _ -> [ c ] | [] -> [] in
		let early = List.filter is_point (from is_point entries) in
		let late = List.filter (fun c -> not (List.exists is_point (from is_point (inner c)))) all in
		List.fold_left (fun a b -> if valid b && (a = [] || List.length b < List.length a) then b else a)
			[] [ single; early; late ] in
	let first l = List.fold_left (fun m n -> min m (n.at.l, n.at.c)) (max_int, 0) l in
	List.map (fun region ->
		let x = points region false in
		(region, List.filter enters region, if x <> [] then x else points region true))
		(List.sort (fun a b -> compare (first a) (first b)) (List.filter (List.exists leaves) all))

(* something that we cannot follow: no word about this variable *)
let silent = memo (fun (e, v) ->
	let t = tree e in
	(* T *v attribute = map(): the compiler may release by itself *)
	let attributed p = match List.rev (String.split_on_char (Char.chr 61) (front p)) with
		| _ :: s :: _ -> (match List.rev (words s) with w :: ws -> w <> v && List.mem v ws | [] -> false)
		| _ -> false in
	List.exists (fun (p, w, f) -> match f with
		| Address -> w = v
		| Null -> w = v && (match tested t (home t p) with Some (x, _) -> x <> v | None -> true)
		| Map _ when w = v -> attributed p
		| Map _ -> List.mem p (sites (e, v))
		| _ -> false) (known e))

(* as text: behind a statement where that can be, else in front of the next *)
let written e (n : node) =
	let t = tree e in
	let rec last s = match List.rev (t.kids (Some s)) with k :: _ when labelled s -> last k | _ -> s in
	let rec prev = function
		| a :: b :: _ when b = n.at -> Some a
		| _ :: r -> prev r
		| [] -> None in
	match n.what, prev (t.kids (t.parent n.at)) with
	| Before, Some p when not (List.mem p t.decls) && not (jumps p) && nth_word 0 (source p) <> "do" -> (last p, After)
	| After, _ -> (last n.at, After)
	| w, _ -> (n.at, w)
let newest l = List.fold_left (fun acc p -> max acc (p.l, p.c)) (0, 0) l
let plans = memo (fun e -> if variables e = [] then [] else
	let (_, nodes) = graph e in
	let base = List.map (fun v -> (v, flow e v [] [])) (variables e) in
	let maps w n = mapped e w (happens e n) <> [] in
	let mapped_behind = memo (fun (w, v) ->
		w <> v && List.exists (fun n -> maps w n && exact ((List.assoc v base).state n)) nodes) in
	let chosen = Hashtbl.create 16 in
	List.concat_map (fun v ->
		let younger = List.filter_map (fun (w, b) -> if not (mapped_behind (w, v)) then None else Some ((fun n ->
			(b.uses n && live (b.state n) <> 0) ||
			List.exists (fun m -> List.memq m (Hashtbl.find_all chosen w)) n.next), maps w)) base in
		let rec look planned found =
			let fl = flow e v younger planned in
			(* nothing that was mapped before it may be released by now *)
			let fits n = not (fl.stepped n) && List.for_all (fun (w, b) ->
				not (mapped_behind (v, w)) || b.state n land gone = 0) base in
			let mask = List.fold_left (fun m n -> m lor live (fl.state n)) 0 in
			let make s w fix l = (v, { anchor = s; where = w; fix = fix; of_sites = mask l }) in
			(* lost in the very statement that uses the address *)
			let stuck n = n.what = Stmt && exact (fl.state n) && fl.needed n && not (fl.followed n) &&
				(fl.fresh n || match n.next with [ m ] -> m.what = End | _ -> false) in
			let all = regions nodes fl in
			match List.filter (fun (_, _, x) -> x <> [] && List.for_all fits x) all with
			| (region, _, x) :: _ ->
				List.iter (Hashtbl.add chosen v) x;
				look (List.append x planned) (List.append found
					(List.map (fun n -> let (s, w) = written e n in make s w true region) x))
			| [] -> List.append found (List.map (fun n -> make n.at Stmt false [ n ])
				(List.append (List.filter stuck nodes) (List.concat_map (fun (_, l, _) -> l) all))) in
		look [] [])
		(List.sort (fun v w -> compare (newest (sites (e, w))) (newest (sites (e, v))))
			(List.filter (fun v -> not (silent (e, v))) (variables e))))

(* mapped on each turn of a loop that never releases *)
let turning e (p, v) =
	let t = tree e in
	let up k s = match t.parent s with Some y when kind y = k -> [ y ] | _ -> [] in
	List.exists (fun y -> not (silent (e, v)) &&
		List.exists (fun (n : node) -> n.what = Stmt && n.at = home t p &&
			live ((flow e v [] []).state n) <> 0) (snd (graph e)) &&
		not (List.exists (fun (q, w, f) -> inside y q && is_freed (q, w, f)) (known e)))
		(List.concat_map (up Loop) (up Block (home t p)))
let message e (p, v) m =
	let mine = List.filter (fun (w, pl) -> w = v && pl.of_sites land bit e v p <> 0) (plans e) in
	let line (_, x) = string_of_int (if x.where = After then x.anchor.le else x.anchor.l) in
	let say s = Some (Printf.sprintf "WARNING: %s() of '%s' is not released %s [kmap-leak]" m v s) in
	if mine <> [] then say ("on the way through line " ^ String.concat ", "
		(List.sort_uniq (fun a b -> compare (int_of_string a) (int_of_string b)) (List.map line mine)))
	else if turning e (p, v) then say "before the next turn"
	else None
let org = ref false
let print p s = if !org then Coccilib.print_main s p else
	let q = place p in Printf.printf "%s:%d:%d-%d: %s\n" q.f q.l q.c q.ce s

(* ---- what patch mode writes *)

(* the call that releases: as elsewhere in the function, else by the family *)
let release_call e v mask =
	let t = tree e in
	let other = List.filter_map (fun (p, w, f) -> match f with
		| Free r when w = v && not (plain r) ->
			let s = home t p in
			let x = source s in
			if s.l = p.l && s.c = p.c && t.kids (Some s) = [] then Some (cut x 0 (String.length x - 1)) else None
		| _ -> None) (known e) in
	let families = List.sort_uniq compare (List.filter_map (fun (p, _, f) -> match f with
		| Map m when mask land bit e v p <> 0 -> Some (pair m)
		| _ -> None) (mapped e v (known e))) in
	match other, families with
	| x :: _, _ -> Some x
	| [], [ r ] -> Some (Printf.sprintf "%s(%s)" r v)
	| _ -> None

(* everything that is lost at one place, the newest mapping first *)
let lost_at e s where =
	let here = List.filter (fun (_, pl) -> pl.fix && pl.anchor = s && pl.where = where) (plans e) in
	let age (v, pl) = newest (List.filter (fun p -> pl.of_sites land bit e v p <> 0) (sites (e, v))) in
	List.sort (fun a b -> compare (age b) (age a)) here

(* the label that releases just these and goes on where the goto leads *)
let label_for e s where =
	let t = tree e in
	let released s v = List.exists (fun (p, w, f) -> w = v && inside s p && f <> Keep && is_freed (p, w, f)) (known e) in
	let rec climb upwards vars = match upwards, vars with
		| s :: _, [ v ] when released s v -> (match kind s with Label l -> Some l | _ -> None)
		| s :: rest, v :: vs when released s v -> climb rest vs
		| _ -> None in
	match kind s, where with
	| Goto l, Before ->
		(match List.filter (fun s -> kind s = Label l) t.all with
		| [ y ] ->
			let above = List.filter (fun s -> (s.l, s.c) < (y.l, y.c)) (t.kids (t.parent y)) in
			climb (List.rev above) (List.rev (List.map fst (lost_at e s where)))
		| _ -> None)
	| _ -> None

@map@
local idexpression a;
identifier fm : script:ocaml() { is_map fm };
position p;
@@
(
 a = <+... fm@p(...) ...+>
)

@script:ocaml@
p << map.p; v << map.a; m << map.fm;
@@
note p v (Map m)

// what releases a parameter of its function releases in its callers too
@own@
identifier K = {kunmap, kunmap_local, kunmap_atomic};
expression E; position q;
@@
K@q(E)

@script:ocaml@
q << own.q; x << own.E; k << own.K;
@@
note q "" (Free k);
let f = (List.hd q).Coccilib.current_element in
let parameters = words (header q '{') in
if List.exists (fun w -> w <> f && List.mem w parameters) (words x) then Hashtbl.add wrappers f (fst (elt q))

@free depends on map@
local idexpression a;
identifier fr : script:ocaml() { releases fr };
position q;
@@
fr@q(..., <+... a ...+>, ...)

@script:ocaml@
q << free.q; v << free.a; r << free.fr;
@@
if by_name r || List.mem (fst (elt q)) (Hashtbl.find_all wrappers r) then note q v (Free r)

// the address is kept somewhere else, or tested
@keep depends on map@
local idexpression a;
expression E1, E2, E3; identifier f, g; type T;
position q, n;
@@
(
 \(E1->f\|E1.f\|*E1\|E1[E2]\) =@q \((T)a\|(T)(a + E3)\|(T)a | E3\|&a[E3]\|&a->g\)
|
 \(a@n == NULL\|a@n != NULL\|IS_ERR(a@n)\|IS_ERR_OR_NULL(a@n)\)
)

@script:ocaml@
q << keep.q = []; n << keep.n = []; v << keep.a;
@@
note q v Keep;
note n v Null

@handed depends on map@
local idexpression a;
identifier f, x; type T;
position q, r;
@@
(
 T x@q = {..., .f = a, ...};
|
 return@r <+... a ...+>;
)

@script:ocaml@
q << handed.q = []; r << handed.r = []; v << handed.a;
@@
note q v Keep;
if r <> [] && gives_pointer r then note r v Keep

@use depends on map@
local idexpression a; position q;
@@
a@q

@script:ocaml@
q << use.q; v << use.a;
@@
if not (sized (place q)) then note q v Use

// a new value, which may be made from the address
@new depends on map@
type T; local idexpression T b;
expression E; position q;
@@
(
 b@q = E
)

@script:ocaml@
q << new.q; v << new.b; x << new.E; t << new.T;
@@
let ws = words x in
if has t "*" then List.iter (fun w -> note q v (From w)) (List.sort_uniq compare ws);
(* folio_zero_tail() gives back an address inside of the page *)
if not (List.mem v ws) then note q v Assign else if not (has x "folio_zero_tail") then note q v Step

// an address that is moved, the address of the variable
@odd depends on map@
local idexpression a;
expression E; position q, s;
@@
(
 &a@q
|
 \(a@s += E\|a@s -= E\|a@s++\|a@s--\|++a@s\|--a@s\)
)

@script:ocaml@
q << odd.q = []; s << odd.s = []; v << odd.a;
@@
note q v Address;
note s v Step

@stmt depends on map@
statement S; position s;
@@
S@s

@script:ocaml@
s << stmt.s;
@@
Hashtbl.add stmts (elt s) (place s)

@script:ocaml depends on org@
@@
org := true

@script:ocaml depends on report || org@
p << map.p; v << map.a; m << map.fm;
@@
match message (elt p) (place p, v) m with Some s -> print p s | None -> ()

// One environment for each place of a release: the position that has a value
// says what is to be done there (spatch takes one change of a place only).
@script:ocaml pick depends on patch || context@
s << stmt.s;
b1; b2; b3; a1; a2; a3; g; h; x0; e1; e2; e3; l;
@@
let e = elt s and p = place s and x = List.hd s in
let make on line col line_end col_end = let open Coccilib in
	let n k = if on then k else 0 in
	make_full_position x.file x.current_element x.current_element_line x.current_element_col
		x.current_element_line_end x.current_element_col_end
		(n line) (n col) (n line_end) (n col_end) in
let at on = make on p.l p.c p.le p.ce in
let here = List.filter (fun (_, pl) -> pl.fix && pl.anchor = p) (plans e) in
let where = match List.sort_uniq compare (List.map (fun (_, pl) -> pl.where) here) with [ w ] -> w | _ -> Stmt in
let keys = lost_at e p where in
let calls = List.map (fun (v, pl) -> release_call e v pl.of_sites) keys in
let n = List.length keys in
let go = n > 0 && n <= (if where = Else then 1 else 3) && not (List.mem None calls) in
let label = if go then label_for e p where else None in
let only w k = at (go && label = None && where = w && n = k) in
let call i = Coccilib.make_expr (match List.nth_opt calls i with Some (Some c) -> c | _ -> "0") in
b1 := only Before 1; b2 := only Before 2; b3 := only Before 3;
a1 := only After 1; a2 := only After 2; a3 := only After 3;
g := at (label <> None); x0 := at go;
h := make (go && where = Else) p.l p.c p.l (p.c + 2);
e1 := call 0; e2 := call 1; e3 := call 2;
l := Coccilib.make_ident (match label with Some x -> x | None -> "none");
Coccilib.include_match go

@depends on patch@
position pick.b1, pick.b2, pick.b3, pick.a1, pick.a2, pick.a3, pick.g, pick.h;
expression E, pick.e1, pick.e2, pick.e3;
identifier pick.l; statement S;
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
|
if@h (E) S
+ else
+ { e1; }
)

@depends on context@
statement S; position pick.x0;
@@
*S@x0
