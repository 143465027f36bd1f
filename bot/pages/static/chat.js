/* The live chat. Without it the same chat works by forms. */
(function () {
  "use strict";
  if (!window.fetch || !window.Promise) return;
  var $ = function (id) { return document.getElementById(id); };
  var words = $("words").dataset, place = $("chat").dataset;
  var log = $("log"), header = document.querySelector(".top"), KEY = "chat";
  var chat = null;        /* {conversation, token} */
  var busy = null;        /* what is on its way: one message, or the beginning of a chat */
  var parting = null;     /* {item, rest, closed}: what was on its way as the chat went from this page */
  var stranded = false;   /* the chat is gone, and what was not sent waits here for a new one */
  var wanted = false;     /* a person was asked for while a chat was beginning */
  var expects = null, last = 0, queue = [], wait = 0, timer = 0, live = null, kept = false, typing = 0, toldWriting = 0, latest = "";
  var shown = {};         /* ids of messages on the page */
  var links = new RegExp("(^|[^0-9])(https?://[^\\s]+[^\\s.,)]|(?:" + ["999", place.duty, place.night].map(function (n) {
    return n.replace(/[^0-9 ]/g, "\\$&");
  }).join("|") + ")(?![0-9]))");

  function make(tag, name, text) {
    var e = document.createElement(tag);
    if (name) e.className = name;
    if (text) e.textContent = text;
    return e;
  }
  function button(name, text, act) {
    var b = make("button", name, text);
    b.type = "button";
    b.addEventListener("click", act);
    return b;
  }
  function newId() {
    var bytes = crypto.getRandomValues(new Uint8Array(16));
    return Array.prototype.map.call(bytes, function (b) { return ("0" + b.toString(16)).slice(-2); }).join("");
  }

  /* ---- words on the page ---- */
  function linked(into, line) {
    var found = links.exec(line);
    while (found) {
      var at = found.index + found[1].length;
      into.append(line.slice(0, at));
      var a = make("a", "", found[2]);
      if (found[2].indexOf("http") === 0) { a.href = found[2]; a.target = "_blank"; a.rel = "noopener noreferrer"; a.className = "long"; }
      else a.href = "tel:" + found[2].replace(/[^0-9+]/g, "");
      into.append(a);
      line = line.slice(at + found[2].length);
      found = links.exec(line);
    }
    into.append(line);
  }
  function setText(box, text, plain) {
    if (plain) { box.textContent = text; return; }
    text.trim().split(/\n\s*\n/).forEach(function (block) {
      var p = make("p");
      block.split("\n").forEach(function (line) {
        var l = make("span", "l");
        linked(l, line);
        p.append(l, "\n");
      });
      box.append(p);
    });
  }
  function clock(instant) {
    var t = make("time");
    t.dateTime = instant;
    t.textContent = new Date(instant).toLocaleTimeString("en-GB", {
      hour: "numeric", minute: "2-digit", hour12: true, timeZone: place.zone
    }).replace(/\s/g, "").toLowerCase();
    return t;
  }
  function bubble(from, text, at, urgent, link) {
    var m = make("div", "m " + from + (urgent ? " urgent" : ""));
    if (urgent) m.setAttribute("role", "alert");
    m.append(make("p", "who" + (from === "worker" ? "" : " unseen"), { bot: words.bot, worker: words.worker, person: words.me }[from]));
    var t = make("div", "t");
    t.dir = "auto";
    setText(t, text, from === "person");
    if (link) {
      var saved = make("p"), file = make("a", "", link.label);
      file.href = link.href;
      file.setAttribute("download", "");
      saved.append(file);
      t.append(saved);
    }
    m.append(t);
    if (at) m.append(clock(at));
    return m;
  }
  function nearEnd() {
    return window.innerHeight + window.pageYOffset > document.documentElement.scrollHeight - 320;
  }
  function toEnd(from) {
    /* Keep the start of what is new in sight, and as much of the answer as fits below it. */
    var top = from ? from.getBoundingClientRect().top - header.offsetHeight - 12 : Infinity;
    var low = $("reply").getBoundingClientRect().bottom - window.innerHeight + 16;
    var by = Math.min(top, low);
    if (by > 0) window.scrollBy(0, by);
  }
  function show(messages, theirs) {
    var first = null, close = nearEnd(), came = false;
    messages.forEach(function (m) {
      last = Math.max(last, m.sequence || 0);
      if (shown[m.id]) return;
      shown[m.id] = true;
      if (m.from === "person" && !theirs) return;
      var b = bubble(m.from, m.text, m.sent_at, m.urgent && !theirs, m.link);
      log.append(b);
      first = first || b;
      latest = m.text;
      came = came || m.from === "worker";
    });
    return { first: first, close: close, came: came };
  }
  function notice(text) {
    if ($("notice").textContent === text) return;
    $("notice").textContent = "";
    if (text) linked($("notice"), text);
  }
  function showTyping(on) {
    clearTimeout(typing);
    $("typing").hidden = true;
    if (on) typing = setTimeout(function () { $("typing").hidden = false; }, 500);
  }

  /* ---- the right input for what is expected ---- */
  var KINDS = {
    phone: { tag: "input", type: "tel", inputmode: "tel", autocomplete: "tel" },
    email: { tag: "input", type: "email", inputmode: "email", autocomplete: "email", spellcheck: "false" },
    number: { tag: "input", type: "text", inputmode: "numeric" },
    postcode: { tag: "input", type: "text", autocapitalize: "characters", spellcheck: "false" },
    name: { tag: "input", type: "text", autocapitalize: "words", spellcheck: "false" },
    date: { tag: "input", type: "text" },
    age: { tag: "input", type: "text" },
    address: { tag: "textarea", rows: "3" },
    long_text: { tag: "textarea", rows: "4", spellcheck: "true" }
  };
  var OWN = { contact_name: "name", phone: "tel", email: "email" };

  function drawBox() {
    var want = KINDS[expects && expects.kind] || { tag: "textarea", rows: "1" };
    var old = $("text"), had = document.activeElement === old, box = make(want.tag);
    Object.keys(want).forEach(function (k) { if (k !== "tag") box.setAttribute(k, want[k]); });
    box.id = "text";
    box.setAttribute("autocomplete", OWN[expects && expects.field] || "off");
    box.value = old.value;
    box.setAttribute("aria-describedby", "hint wrong");
    old.replaceWith(box);
    box.addEventListener("keydown", onKey);
    box.addEventListener("input", grow);
    box.addEventListener("input", tellWriting);
    if (had) box.focus({ preventScroll: true });
    grow();
  }
  function grow() {
    var box = $("text");
    if (box.tagName !== "TEXTAREA") return;
    box.style.height = "auto";
    box.style.height = box.scrollHeight + 2 + "px";
  }
  function onKey(event) {
    if (event.key !== "Enter" || event.isComposing || event.shiftKey) return;
    if (expects && expects.kind === "long_text" && !event.ctrlKey && !event.metaKey) return;
    if (event.target.tagName === "TEXTAREA" && matchMedia("(pointer: coarse)").matches) return;
    event.preventDefault();
    sendText();
  }
  function draw() {
    var many = expects.multiple, options = $("options"), choices = expects.choices || [];
    options.textContent = "";
    $("pick").hidden = !choices.length;
    $("pick").querySelector("legend").textContent = many ? words.many : words.one;
    $("done").hidden = !many;
    choices.forEach(function (c) {
      if (many) {
        var label = make("label", "tick"), box = make("input");
        box.type = "checkbox";
        box.value = c.id;
        box.checked = !!c.chosen;
        label.append(box, make("span", "", c.label));
        options.append(label);
      } else {
        options.append(button("option", c.label, function () {
          if (c.id === "exit" || c.id === "quick_exit") document.dispatchEvent(new Event("leave"));
          else say({ choice: c.id }, c.label);
        }));
      }
    });
    $("ask").textContent = choices.length ? words.type : words.write;
    $("hint").textContent = expects.hint || "";
    $("hint").hidden = !expects.hint;
    $("hint").className = latest.indexOf(expects.hint) < 0 ? "" : "unseen";
    $("controls").textContent = "";
    (expects.controls || []).forEach(function (c) {
      if (c.id === "person" || c.id === "exit" || c.id === "quick_exit") return;  /* always at the top */
      $("controls").append(button("quiet", c.label, function () { say({ choice: c.id }, c.label); }));
    });
    drawBox();
  }
  function expect(next) {
    var same = expects && JSON.stringify(expects) === JSON.stringify(next);
    var joined = next.with_worker && !(expects && expects.with_worker);
    expects = next;
    if (!same) draw();
    if (joined) notice(words.with);
    else if (!next.with_worker && $("notice").textContent === words.with) notice("");
  }

  /* ---- sending: one at a time, in order, the same id until it is answered ---- */
  function say(body, text) {
    if (!chat && !stranded) return;
    body.id = newId();
    if (expects && expects.prompt !== null && expects.prompt !== undefined) body.prompt = expects.prompt;
    var b = bubble("person", text), line = make("div", "foot-line"), state = make("span", "state", chat ? words.sending : words.failed);
    line.append(state);
    b.append(line);
    log.append(b);
    var inside = $("reply").contains(document.activeElement) && document.activeElement.id !== "text" && document.activeElement.id !== "send";
    queue.push({ body: body, bubble: b, state: state, line: line });
    if (chat) askNothing();
    $("wrong").textContent = "";
    if (inside) $("reply").focus({ preventScroll: true });
    toEnd(b);
    next();
  }
  function askNothing() {
    $("options").textContent = "";
    $("pick").hidden = true;
    $("controls").textContent = "";
  }
  function sendText() {
    var box = $("text"), text = box.value;
    if (/^\s*exit( this page)?[\s.]*$/i.test(text)) { document.dispatchEvent(new Event("leave")); return; }
    if (!text.trim()) {
      if (chat && queue.length) return;  /* pressed twice */
      $("wrong").textContent = words.empty;
      box.setAttribute("aria-invalid", "true");
      box.focus();
      return;
    }
    if (!chat && !stranded) return;
    box.value = "";
    box.removeAttribute("aria-invalid");
    grow();
    say({ text: text }, text);
  }
  function mark(item, text, again) {
    item.bubble.classList.toggle("unsent", !!again);
    item.state.textContent = text;
    var old = item.line.querySelector("button");
    if (old) old.remove();
    if (again) item.line.append(button("link", words.again, function () { wait = 0; next(); }));
  }
  function next() {
    clearTimeout(timer);
    if (busy || !queue.length || !chat) return;
    var item = queue[0];
    if (navigator.onLine === false) { held(item, words.offline, words.waiting); return; }
    busy = item;
    mark(item, words.sending);
    showTyping(true);
    call("POST", "/" + chat.conversation + "/messages", item.body).then(function (r) { cameBack(item, r); }, function () { cameBack(item, null); });
  }
  /* `r` is null where no answer came. */
  function cameBack(item, r) {
    if (busy === item) { busy = null; showTyping(false); }
    if (!r || r.status >= 500) item.lost = true;  /* it may have been heard all the same */
    if (parting && parting.item === item) { part(parting, r); return; }
    if (queue[0] !== item) return;  /* left in a hurry meanwhile */
    if (!r) held(item, navigator.onLine === false ? words.offline : words.slow, words.failed);
    else if (r.ok) sent(item, r.data);
    else refused(item, r);
  }
  function sent(item, data) {
    queue.shift();
    wait = 0;
    if (data.closed) {
      var rest = queue;
      wipe(true);
      sayEnd(data.messages, rest, true);
      return;
    }
    notice(expects && expects.with_worker ? words.with : "");
    mark(item, words.sent);
    keep();
    show(data.messages);
    expect(data.expects);
    toEnd(item.bubble);
    next();
  }
  function held(item, why, state) {
    notice(why);
    mark(item, state, true);
    wait = Math.min(30, wait ? wait * 2 : 2);
    timer = setTimeout(next, wait * 1000);
  }
  function reason(r) { return (r.data && r.data.error && r.data.error.message) || words.slow; }
  function refused(item, r) {
    var message = reason(r);
    if (r.status === 401 || r.status === 404) { gone(item); return; }
    if (r.status === 429 || r.status >= 500) {
      held(item, message, words.failed);
      if (r.after) { clearTimeout(timer); timer = setTimeout(next, r.after * 1000); }
      return;
    }
    queue.shift();
    item.bubble.remove();
    putBack([item]);
    $("wrong").textContent = message;
    if (expects) draw();
    $("text").focus({ preventScroll: true });
    next();
  }
  /* The chat went without a word of it to this page: what was just sent tells. */
  function gone(item) {
    var left = queue;
    wipe(true);
    if (item.lost) sayEnd([], left, false);
    else strand(left);
  }
  /* What was not sent waits on the page, alone, until a new chat takes it. */
  function strand(items) {
    open("talk");
    askNothing();
    $("ask").textContent = words.write;
    $("hint").hidden = true;
    drawBox();
    stranded = true;
    queue = items;
    items.forEach(function (item) {
      log.append(item.bubble);
      mark(item, item.lost ? "" : words.failed);
    });
    notice(words.gone);
    var b = button("button", words.restart, function () {
      b.disabled = true;
      begin("").catch(function () {
        b.disabled = false;
        notice(words.failedStart);
      });
    });
    $("controls").append(b, button("quiet", $("clear").textContent, clear));
    toEnd(log.lastElementChild);
  }
  /* A few words may be an answer, and none to what a new chat asks first. */
  function tells(item) { return (item.body.text || "").trim().split(/\s+/).length > 3; }
  function call(method, path, body) {
    var options = { method: method, headers: { Accept: "application/json" }, cache: "no-store", credentials: "omit", referrerPolicy: "no-referrer" };
    if (chat) options.headers.Authorization = "Bearer " + chat.token;
    if (method === "DELETE") options.keepalive = true;  /* the page may go first */
    if (body) { options.body = JSON.stringify(body); options.headers["Content-Type"] = "application/json"; }
    return fetch("/api/chat" + path, options).then(function (r) {
      var result = { ok: r.ok, status: r.status, after: +r.headers.get("Retry-After") || 0, data: null };
      if (r.status === 204) return result;
      return r.json().then(function (data) { result.data = data; return result; }, function () {
        if (r.ok) throw new Error("cut short");
        return result;
      });
    });
  }

  /* ---- live messages: a stream that starts again from the last number seen ---- */
  function listen() {
    if (live || !chat || document.hidden) return;
    var mine = live = { on: true, abort: window.AbortController ? new AbortController() : null };
    var headers = { Authorization: "Bearer " + chat.token, Accept: "text/event-stream" };
    if (last) headers["Last-Event-ID"] = String(last);
    fetch("/api/chat/" + chat.conversation + "/events", {
      headers: headers, cache: "no-store", credentials: "omit", signal: mine.abort ? mine.abort.signal : undefined
    }).then(function (r) {
      if (r.status === 401 && live === mine) {
        mine.on = false;
        if (!queue.length) closed(true);  /* else what is being sent tells more */
        return undefined;
      }
      if (!r.ok || !r.body || !r.body.getReader) throw new Error("no stream");
      var reader = r.body.getReader(), decoder = new TextDecoder(), rest = "";
      function pull() {
        return reader.read().then(function (part) {
          if (part.done || !mine.on) return undefined;
          rest += decoder.decode(part.value, { stream: true });
          var events = rest.split("\n\n");
          rest = events.pop();
          events.forEach(heard);
          return pull();
        });
      }
      return pull();
    }).catch(function () { /* begins again below */ }).then(function () {
      if (live === mine) live = null;
      if (mine.on && chat) setTimeout(listen, 3000);
    });
  }
  function heard(event) {
    var name = /^event: (.*)$/m.exec(event), data = /^data: (.*)$/m.exec(event);
    if (!name || !data) return;
    var body = JSON.parse(data[1]);
    if (name[1] === "message") arrived([body]);
    else if (name[1] === "expects" && !queue.length && !busy) expect(body);
    else if (name[1] === "typing") workerWrites(body.on);
    else if (name[1] === "cleared") closed(!!body.closed);
  }
  /* The chat is no more, and nothing of it stays here, whatever is on its way. `byWords`: it was closed by what was
     said in it, here or in another tab, and not cleared by hand. A tab that asked nothing says nothing of it. */
  function closed(byWords) {
    var left = queue, underway = left.length && busy === left[0];
    wipe(byWords);
    if (!left.length) return;
    var mine = { item: left[0], rest: left.slice(1), closed: byWords };
    if (underway) parting = mine;
    else part(mine, null);
  }
  /* What became of the message that was on its way. `r` is null where nothing came back, or it never went. */
  function part(mine, r) {
    var heard = r && r.ok, its = mine.item;
    parting = null;
    if (heard && !mine.rest.length && !r.data.closed) return;
    if (chat || stranded) {  /* they have begun anew */
      if (!heard || mine.rest.length) notice(its.lost && !heard ? words.lost : words.missed);
    }
    else if (heard && r.data.closed) sayEnd(r.data.messages, mine.rest, true);
    else if (its.lost && !heard) sayEnd([], mine.closed ? [its].concat(mine.rest) : [], !its.body.text);
    else if (mine.closed) strand(heard ? mine.rest : [its].concat(mine.rest));
    else tell([words.missed]);
  }
  /* ---- who writes just now, while a worker is here ---- */
  function workerWrites(on) {
    $("writes").hidden = !on;
    if (on && nearEnd()) toEnd();
  }
  function tellWriting() {
    if (!chat || !expects || !expects.with_worker || Date.now() - toldWriting < 4000 || !$("text").value.trim()) return;
    toldWriting = Date.now();
    call("POST", "/" + chat.conversation + "/typing").catch(function () { /* a courtesy */ });
  }
  function arrived(messages) {
    var its = chat;
    if (!its) return;
    if (busy || queue.length) { setTimeout(function () { if (chat === its) arrived(messages); }, 300); return; }
    var came = show(messages);
    if (came.came) workerWrites(false);
    if (!came.first) return;
    if (came.close) toEnd(came.first);
    else tellNewer(came.first);
  }
  function tellNewer(first) {
    if ($("newer")) return;
    var b = button("button", words["new"], function () { b.remove(); first.scrollIntoView({ block: "center" }); });
    b.id = "newer";
    $("talk").append(b);
    window.addEventListener("scroll", function gone() {
      if (!nearEnd()) return;
      b.remove();
      window.removeEventListener("scroll", gone);
    });
  }
  function stopListening() {
    if (!live) return;
    live.on = false;
    if (live.abort) live.abort.abort();
    live = null;
  }

  /* ---- kept on this device only once something was sent ---- */
  function keep() {
    if (!kept) {
      try { localStorage.setItem(KEY, JSON.stringify(chat)); kept = true; } catch (e) { return; }
    }
    $("kept").hidden = false;
  }
  function drop(byWords) {
    if (!chat) return;
    kept = false;
    $("kept").hidden = true;
    try {
      var there = localStorage.getItem(KEY), its = held_here();
      /* Which chat it was, for the other tabs; the key of a later chat stays. Exit says no chat: all of them go. */
      localStorage.setItem(KEY, JSON.stringify({ cleared: chat.conversation, closed: byWords }));
      if (its && its.conversation !== chat.conversation) localStorage.setItem(KEY, there);
      else localStorage.removeItem(KEY);
    } catch (e) { /* nothing was kept */ }
  }
  function markIn(value) {
    try {
      var found = JSON.parse(value || "null");
      return found && found.cleared ? found : null;
    } catch (e) { return null; }
  }
  function held_here() {
    try {
      var found = JSON.parse(localStorage.getItem(KEY) || "null");
      return found && typeof found.token === "string" && typeof found.conversation === "string" ? found : null;
    } catch (e) { return null; }
  }
  function clear() {
    var texts = chat ? [words.cleared] : [];
    if (queue.length) texts.push(chat && busy || queue[0].lost ? words.lost : words.missed);
    forget();
    wipe(false);
    tell(texts);
  }
  function forget() {
    if (chat) call("DELETE", "/" + chat.conversation).catch(function () { /* the key is gone from here all the same */ });
  }
  /* It ended: the answer stays, and nothing else. `messages` is empty where it was lost. What they wrote behind it,
     or in what was lost, is not let go: it begins another chat by itself where it tells something and the chat ended
     `byWords`. */
  function sayEnd(messages, rest, byWords) {
    var ours = messages.filter(function (m) { return m.from !== "person"; }).map(function (m) { return m.text; });
    tell((ours.length ? ours : [words.lost]).concat(words.ended));
    rest = rest.filter(function (item) { return item.body.text; });  /* a tap answered what is gone */
    if (!rest.length) return;
    var said = $("cleared");
    strand(rest);
    log.prepend(said);
    if (!byWords || !rest.some(tells)) return;
    notice("");
    begin("").catch(function () {
      notice(words.gone);
      toEnd(log.lastElementChild);
    });
  }
  function tell(texts) {
    var said = make("div", "note");
    said.id = "cleared";
    said.tabIndex = -1;
    texts.forEach(function (text) { setText(said, text); });
    $("start").prepend(said);
    said.focus();
  }
  function wipe(byWords) {
    drop(byWords);
    empty();
  }
  /* Nothing that was said stays on the page. Another tab that was cleared says nothing of it either. */
  function empty() {
    stopListening();
    chat = busy = parting = null;  /* at once: an answer still on its way must not bring the key back */
    kept = stranded = wanted = false;
    $("kept").hidden = true;
    queue = [];
    clearTimeout(timer);
    showTyping(false);
    workerWrites(false);
    ["cleared", "newer", "trouble"].forEach(function (id) { if ($(id)) $(id).remove(); });
    ["options", "controls", "hint", "wrong"].forEach(function (id) { $(id).textContent = ""; });
    latest = "";
    log.textContent = "";
    shown = {};
    last = 0;
    expects = null;
    $("text").value = "";
    notice("");
    $("chat").hidden = true;
    $("start").hidden = false;
  }

  /* ---- beginning, and coming back ---- */
  function open(section) {
    if ($("start").contains($("cleared"))) $("cleared").remove();
    $("start").hidden = true;
    $("chat").hidden = false;
    $("welcome").hidden = section !== "welcome";
    $("talk").hidden = section === "welcome";
  }
  function begin(person) {
    var form = $("begin"), body = {}, mine = busy = {}, before = $("cleared");
    if (form.audience.value) body.audience = form.audience.value;
    if (form.language.value) body.language = form.language.value;
    return call("POST", "", body).then(function (r) {
      if (busy !== mine) return;  /* left in a hurry meanwhile */
      if (!r.ok) throw new Error("not begun");
      busy = null;
      chat = { conversation: r.data.conversation, token: r.data.token };
      stranded = false;
      last = 0;
      var said = $("cleared");
      open("talk");
      if (said && said !== before) log.prepend(said);  /* it came meanwhile, and nobody has read it */
      notice("");
      show(r.data.messages);
      expect(r.data.expects);
      handBack();
      queue.forEach(function (item) { log.append(item.bubble); });
      if (queue.length) askNothing();
      $("reply").focus({ preventScroll: true });
      listen();
      if (person || wanted) say({ choice: "person" }, words.person);
      else next();
      wanted = false;
    }).catch(function (e) {
      if (busy !== mine) return;
      busy = null;
      wanted = false;
      throw e;
    });
  }
  /* Few words go back into the box: they would answer what nobody has seen. */
  function handBack() {
    var back = [];
    queue = queue.filter(function (item) {
      if (tells(item)) return true;
      item.bubble.remove();
      back.push(item);
      return false;
    });
    putBack(back);
  }
  /* Before what is there. */
  function putBack(items) {
    var box = $("text");
    box.value = items.map(function (item) { return item.body.text; }).concat(box.value).filter(Boolean).join(" ");
    grow();
  }
  function onBegin(event, person) {
    event.preventDefault();
    if (chat && !$("talk").hidden) { if (person) say({ choice: "person" }, words.person); return; }
    if (chat) {
      var its = chat;
      carryOn(false).then(function (ended) {
        if (ended) { if (person) begin(true).catch(trouble); }
        else if (person && chat === its) say({ choice: "person" }, words.person);
      });
      return;
    }
    if (busy) { wanted = wanted || person; return; }
    begin(person).catch(function () { trouble(); });
  }
  function trouble() {
    if (stranded) { notice(words.failedStart); return; }
    var p = $("trouble") || make("p", "danger", "");
    p.id = "trouble";
    p.setAttribute("role", "alert");
    p.textContent = words.failedStart;
    $("begin").before(p);
  }
  function carryOn(all) {
    var its = chat;
    return call("GET", "/" + chat.conversation).catch(function () { return {}; }).then(function (r) {
      if (chat !== its) return;  /* cleared meanwhile, and perhaps begun anew */
      if (r.status === 401 || r.status === 404) { wipe(true); tell([words.ended]); return true; }
      open("talk");
      if (!r.ok) { notice(reason(r)); return; }
      kept = true;
      $("kept").hidden = false;
      var messages = r.data.messages, ours = 0;
      messages.forEach(function (m, n) { if (m.from === "person") ours = n + 1; });
      if (!all) {
        messages.slice(0, ours).forEach(function (m) { shown[m.id] = true; last = Math.max(last, m.sequence); });
        messages = messages.slice(ours);
      }
      show(messages, true);
      expect(r.data.expects);
      $("reply").focus({ preventScroll: true });
      toEnd(log.lastElementChild);
      listen();
    });
  }

  $("begin").addEventListener("submit", function (e) { onBegin(e, false); });
  document.querySelector(".person-form").addEventListener("submit", function (e) { onBegin(e, true); });
  $("say").addEventListener("submit", function (e) { e.preventDefault(); sendText(); });
  $("pick").addEventListener("submit", function (e) {
    e.preventDefault();
    var ticked = Array.prototype.slice.call(document.querySelectorAll("#options input:checked"));
    say({ choices: ticked.map(function (i) { return i.value; }) }, ticked.map(function (i) {
      return i.parentNode.textContent;
    }).join(", ") || $("done").textContent);
  });
  $("clear").addEventListener("click", clear);
  $("clear-first").addEventListener("click", clear);
  $("carry-on").addEventListener("click", function () { carryOn(false); });
  $("earlier").addEventListener("click", function () { carryOn(true); });
  window.addEventListener("online", function () { wait = 0; notice(""); next(); listen(); });
  window.addEventListener("storage", function (e) {  /* another tab cleared the chat, or left in a hurry */
    if (e.key !== KEY && e.key !== null) return;
    var mark = markIn(e.newValue);
    if (mark) { if (chat && mark.cleared === chat.conversation) closed(!!mark.closed); }
    else if (!e.newValue && !markIn(e.oldValue)) empty();
  });
  window.addEventListener("offline", function () { if (chat) notice(words.offline); });
  document.addEventListener("visibilitychange", function () { if (document.hidden) stopListening(); else listen(); });
  function warn(event) { if (queue.length) { event.preventDefault(); event.returnValue = ""; } }
  window.addEventListener("beforeunload", warn);
  document.addEventListener("leaving", function () {
    window.removeEventListener("beforeunload", warn);
    stopListening();
    queue = [];
    busy = parting = null;
    clearTimeout(timer);
    forget();
    chat = null;
  });

  chat = held_here();
  if (chat) { $("start").hidden = true; open("welcome"); }
})();
