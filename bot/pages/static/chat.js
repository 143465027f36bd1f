/* The live chat. Without it the same chat works by forms. */
(function () {
  "use strict";
  if (!window.fetch || !window.Promise) return;
  var $ = function (id) { return document.getElementById(id); };
  var words = $("words").dataset, place = $("chat").dataset;
  var log = $("log"), header = document.querySelector(".top"), KEY = "chat";
  var chat = null;        /* {conversation, token} */
  var expects = null, last = 0, queue = [], busy = false, wait = 0, timer = 0, live = null, kept = false, typing = 0, toldWriting = 0, latest = "";
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
  function notice(text) { if ($("notice").textContent !== text) $("notice").textContent = text; }
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
    var want = KINDS[expects.kind] || { tag: "textarea", rows: "1" };
    var old = $("text"), had = document.activeElement === old, box = make(want.tag);
    Object.keys(want).forEach(function (k) { if (k !== "tag") box.setAttribute(k, want[k]); });
    box.id = "text";
    box.setAttribute("autocomplete", OWN[expects.field] || "off");
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
        var b = make("button", "option", c.label);
        b.type = "button";
        b.addEventListener("click", function () {
          if (c.id === "exit" || c.id === "quick_exit") document.dispatchEvent(new Event("leave"));
          else say({ choice: c.id }, c.label);
        });
        options.append(b);
      }
    });
    $("ask").textContent = choices.length ? words.type : words.write;
    $("hint").textContent = expects.hint || "";
    $("hint").hidden = !expects.hint;
    $("hint").className = latest.indexOf(expects.hint) < 0 ? "" : "unseen";
    $("controls").textContent = "";
    (expects.controls || []).forEach(function (c) {
      if (c.id === "person" || c.id === "exit" || c.id === "quick_exit") return;  /* always at the top */
      var b = make("button", "quiet", c.label);
      b.type = "button";
      b.addEventListener("click", function () { say({ choice: c.id }, c.label); });
      $("controls").append(b);
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
    if (!chat) return;
    body.id = newId();
    if (expects && expects.prompt !== null && expects.prompt !== undefined) body.prompt = expects.prompt;
    var b = bubble("person", text), line = make("div", "foot-line"), state = make("span", "state", words.sending);
    line.append(state);
    b.append(line);
    log.append(b);
    var inside = $("reply").contains(document.activeElement) && document.activeElement.id !== "text" && document.activeElement.id !== "send";
    queue.push({ body: body, bubble: b, state: state, line: line });
    $("options").textContent = "";
    $("pick").hidden = true;
    $("controls").textContent = "";
    $("wrong").textContent = "";
    if (inside) $("reply").focus({ preventScroll: true });
    toEnd(b);
    next();
  }
  function sendText() {
    var box = $("text"), text = box.value;
    if (!text.trim()) {
      $("wrong").textContent = words.empty;
      box.setAttribute("aria-invalid", "true");
      box.focus();
      return;
    }
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
    if (!again) return;
    var b = make("button", "link", words.again);
    b.type = "button";
    b.addEventListener("click", function () { wait = 0; next(); });
    item.line.append(b);
  }
  function next() {
    clearTimeout(timer);
    if (busy || !queue.length || !chat) return;
    var item = queue[0];
    if (navigator.onLine === false) { held(item, words.offline, words.waiting); return; }
    busy = true;
    mark(item, words.sending);
    showTyping(true);
    call("POST", "/" + chat.conversation + "/messages", item.body).then(function (r) {
      busy = false;
      showTyping(false);
      if (queue[0] !== item) return;  /* cleared meanwhile */
      if (r.ok) sent(item, r.data);
      else refused(item, r);
    }, function () {
      busy = false;
      showTyping(false);
      if (queue[0] !== item) return;
      held(item, navigator.onLine === false ? words.offline : words.slow, words.failed);
    });
  }
  function sent(item, data) {
    queue.shift();
    wait = 0;
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
  function refused(item, r) {
    var message = (r.data && r.data.error && r.data.error.message) || words.slow;
    if (r.status === 401 || r.status === 404) { ended(item); return; }
    if (r.status === 429 || r.status >= 500) {
      held(item, message, words.failed);
      if (r.after) { clearTimeout(timer); timer = setTimeout(next, r.after * 1000); }
      return;
    }
    queue.shift();
    item.bubble.remove();
    if (item.body.text && !$("text").value) { $("text").value = item.body.text; grow(); }
    $("wrong").textContent = message;
    if (expects) draw();
    $("text").focus({ preventScroll: true });
    next();
  }
  function ended(item) {
    stopListening();
    drop();
    chat = null;
    mark(item, words.failed);
    notice(words.gone);
    var b = make("button", "button", words.restart);
    b.type = "button";
    b.addEventListener("click", function () {
      b.disabled = true;
      begin("").then(function () {
        b.remove();
        notice("");
        next();
      }, function () {
        b.disabled = false;
        notice(words.failedStart);
      });
    });
    $("controls").textContent = "";
    $("controls").append(b);
  }
  function call(method, path, body) {
    var options = { method: method, headers: { Accept: "application/json" }, cache: "no-store", credentials: "omit", referrerPolicy: "no-referrer" };
    if (chat) options.headers.Authorization = "Bearer " + chat.token;
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
    else if (name[1] === "cleared") { stopListening(); drop(); notice(words.gone); }
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
    if (busy || queue.length) { setTimeout(function () { arrived(messages); }, 300); return; }
    var came = show(messages);
    if (came.came) workerWrites(false);
    if (!came.first) return;
    if (came.close) toEnd(came.first);
    else tellNewer(came.first);
  }
  function tellNewer(first) {
    if ($("newer")) return;
    var b = make("button", "button", words["new"]);
    b.id = "newer";
    b.type = "button";
    b.addEventListener("click", function () { b.remove(); first.scrollIntoView({ block: "center" }); });
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
  function drop() {
    kept = false;
    $("kept").hidden = true;
    try { localStorage.removeItem(KEY); } catch (e) { /* nothing was kept */ }
  }
  function held_here() {
    try {
      var found = JSON.parse(localStorage.getItem(KEY) || "null");
      return found && typeof found.token === "string" && typeof found.conversation === "string" ? found : null;
    } catch (e) { return null; }
  }
  function clear() {
    stopListening();
    var gone = chat ? call("DELETE", "/" + chat.conversation) : Promise.resolve();
    chat = null;  /* at once: an answer still on its way must not bring the key back */
    gone.catch(function () { /* the key is gone from here all the same */ });
    drop();
    queue = [];
    clearTimeout(timer);
    log.textContent = "";
    shown = {};
    last = 0;
    expects = null;
    $("text").value = "";
    $("chat").hidden = true;
    $("start").hidden = false;
    var said = $("cleared") || make("p", "note", "");
    said.id = "cleared";
    said.tabIndex = -1;
    said.textContent = words.cleared;
    $("start").prepend(said);
    said.focus();
  }

  /* ---- beginning, and coming back ---- */
  function open(section) {
    $("start").hidden = true;
    $("chat").hidden = false;
    $("welcome").hidden = section !== "welcome";
    $("talk").hidden = section === "welcome";
  }
  function begin(person) {
    var form = $("begin"), body = {};
    if (form.audience.value) body.audience = form.audience.value;
    if (form.language.value) body.language = form.language.value;
    return call("POST", "", body).then(function (r) {
      if (!r.ok) throw new Error("not begun");
      chat = { conversation: r.data.conversation, token: r.data.token };
      last = 0;
      open("talk");
      show(r.data.messages);
      expect(r.data.expects);
      $("reply").focus({ preventScroll: true });
      listen();
      if (person) say({ choice: "person" }, words.person);
    });
  }
  function onBegin(event, person) {
    event.preventDefault();
    if (chat && !$("talk").hidden) { if (person) say({ choice: "person" }, words.person); return; }
    if (chat) { carryOn(false).then(function () { if (person) say({ choice: "person" }, words.person); }); return; }
    if (busy) return;
    busy = true;
    begin(person).catch(function () { trouble(); }).then(function () { busy = false; next(); });
  }
  function trouble() {
    var p = $("trouble") || make("p", "danger", "");
    p.id = "trouble";
    p.setAttribute("role", "alert");
    p.textContent = words.failedStart;
    $("begin").before(p);
  }
  function carryOn(all) {
    return call("GET", "/" + chat.conversation).then(function (r) {
      if (!r.ok) { drop(); chat = null; $("chat").hidden = true; $("start").hidden = false; return; }
      open("talk");
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
    }, function () { open("talk"); notice(words.slow); });
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
  window.addEventListener("offline", function () { if (chat) notice(words.offline); });
  document.addEventListener("visibilitychange", function () { if (document.hidden) stopListening(); else listen(); });
  function warn(event) { if (queue.length) { event.preventDefault(); event.returnValue = ""; } }
  window.addEventListener("beforeunload", warn);
  document.addEventListener("leaving", function () {
    window.removeEventListener("beforeunload", warn);
    stopListening();
    queue = [];
    clearTimeout(timer);
    if (!chat) return;
    try {
      fetch("/api/chat/" + chat.conversation, {
        method: "DELETE", keepalive: true, credentials: "omit", headers: { Authorization: "Bearer " + chat.token }
      }).catch(function () { /* best effort: the key is gone from here all the same */ });
    } catch (e) { /* as above */ }
    chat = null;
  });

  chat = held_here();
  if (chat) { $("start").hidden = true; open("welcome"); }
})();
