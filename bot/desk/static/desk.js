// Makes the desk live: rows change without a reload, alerts sound and are said, keys move through the queue.
// Everything here is done by plain links and forms as well.
(() => {
  "use strict";
  const byId = id => document.getElementById(id);
  const trusted = window.trustedTypes
    ? window.trustedTypes.createPolicy("desk", { createHTML: html => html })
    : { createHTML: html => html };
  const title = document.title;
  const store = { get: name => { try { return localStorage.getItem(name); } catch { return null; } },
    set: (name, value) => { try { localStorage.setItem(name, value); } catch { /* kept for this page only */ } } };

  // -- sound: made here, loud, and again until somebody answers ----------------------------------------------
  const RING_EVERY = 4000;
  const box = byId("sound"), state = byId("sound-state"), change = byId("sound-switch");
  let audio = null, ringing = 0, alarming = [];

  const isOn = () => audio !== null && audio.state === "running";

  const showSound = () => {
    if (!box) return;
    change.hidden = false;
    box.classList.toggle("off", !isOn());
    change.textContent = isOn() ? "Sound off" : "Sound on";
    const words = isOn()
      ? "Sound is on: an alert rings until somebody answers."
      : "Sound is off: an alert makes no noise here. Press “Sound on”.";
    if (state.textContent !== words) state.textContent = words;
  };

  const tone = (at, pitch) => {
    const oscillator = audio.createOscillator(), loudness = audio.createGain();
    oscillator.type = "square";
    oscillator.frequency.value = pitch;
    loudness.gain.setValueAtTime(0, at);
    loudness.gain.linearRampToValueAtTime(0.7, at + 0.02);
    loudness.gain.setValueAtTime(0.7, at + 0.28);
    loudness.gain.linearRampToValueAtTime(0, at + 0.32);
    oscillator.connect(loudness).connect(audio.destination);
    oscillator.start(at);
    oscillator.stop(at + 0.34);
  };

  const ring = () => {
    if (!isOn()) return showSound();
    for (let beat = 0; beat < 3; beat++) {
      tone(audio.currentTime + beat * 0.8, 880);
      tone(audio.currentTime + beat * 0.8 + 0.36, 1245);
    }
    document.dispatchEvent(new CustomEvent("desk:rang"));
  };

  const wake = async () => {
    audio = audio || new AudioContext();
    audio.onstatechange = showSound;
    try { await audio.resume(); } catch { /* said by showSound */ }
    showSound();
    keepRinging();
  };

  const keepRinging = () => {
    const due = box !== null && alarming.length > 0 && isOn();
    if (due && !ringing) { ring(); ringing = setInterval(ring, RING_EVERY); }
    if (!due && ringing) { clearInterval(ringing); ringing = 0; }
  };

  if (box) {
    change.addEventListener("click", async () => {
      if (isOn()) {
        store.set("desk-sound", "off");
        await audio.close();
        audio = null;
        showSound();
        keepRinging();
        return;
      }
      store.set("desk-sound", "on");
      await wake();
      if (isOn() && !alarming.length) tone(audio.currentTime, 880);
    });
    if (store.get("desk-sound") === "on") {
      audio = new AudioContext(); // runs at once where the browser lets it; else with the first key or press
      audio.onstatechange = () => { showSound(); keepRinging(); };
      const first = () => { if (audio && !isOn()) wake(); };
      addEventListener("pointerdown", first, { once: true });
      addEventListener("keydown", first, { once: true });
    }
    showSound();
  }

  // -- alerts: said at once, shown on top, and flashing in the title --------------------------------------------
  const known = new Set();
  let flash = 0, lit = false;

  const flashTitle = () => {
    if (!alarming.length) {
      clearInterval(flash);
      flash = 0;
      document.title = title;
      return;
    }
    const turn = () => {
      lit = !lit;
      document.title = lit ? `(${alarming.length}) NOT ANSWERED – ${alarming[0].reference}` : title;
    };
    if (!flash) { turn(); flash = setInterval(turn, 1000); }
  };

  const showAlerts = (alerts, rings) => {
    const fresh = alerts.filter(alert => !known.has(alert.reference));
    known.clear();
    for (const alert of alerts) known.add(alert.reference);
    const list = byId("alarm-list");
    list.replaceChildren(...alerts.map(alert => {
      const item = document.createElement("li"), link = document.createElement("a");
      link.href = `/desk/enquiries/${encodeURIComponent(alert.reference)}`;
      link.textContent = alert.reference;
      const kind = document.createElement("span");
      kind.textContent = alert.urgency.replace("_", " ");
      item.append(link, " ", kind);
      return item;
    }));
    byId("alarm").hidden = !alerts.length;
    if (fresh.length) {
      byId("at-once").textContent = fresh.map(a => `Nobody has answered ${a.reference}: ${a.urgency}.`).join(" ");
    }
    alarming = rings ? alerts : [];
    flashTitle();
    keepRinging();
  };
  for (const link of document.querySelectorAll("#alarm-list a")) known.add(link.textContent);

  // -- rows: read again from the server, which alone knows their order -----------------------------------------
  // The first change is read at once. Of many, a page takes no more than a twentieth of the server's time: the slower
  // the server answers, the less often it is asked. A change of the alerts never waits.
  const SHARE = 20;
  let reading = false, again = false, restUntil = 0, resting = 0;

  const readRows = async (atOnce = false) => {
    const queue = byId("queue");
    if (!queue) return;
    if (reading) { again = true; return; }
    const rest = restUntil - performance.now();
    if (rest > 0 && !atOnce) {
      resting = resting || setTimeout(() => { resting = 0; readRows(); }, rest);
      return;
    }
    reading = true;
    const began = performance.now();
    try {
      const answer = await fetch(`${queue.dataset.here}&part=queue`, { headers: { Accept: "text/html" }, redirect: "error" });
      if (answer.ok) swap(queue, await answer.text());
    } catch { /* the watch below says so when it lasts */ }
    reading = false;
    restUntil = performance.now() + SHARE * (performance.now() - began);
    if (again) { again = false; readRows(); }
  };

  const swap = (queue, html) => {
    const fresh = document.createElement("template");
    fresh.innerHTML = trusted.createHTML(html);
    const next = fresh.content.firstElementChild;
    if (!next) return;
    const before = new Map([...queue.querySelectorAll("[data-row]")].map(row => [row.id, row.textContent]));
    const focused = document.activeElement, row = focused && focused.closest ? focused.closest("[data-row]") : null;
    const place = row && [...row.querySelectorAll("a, button")].indexOf(focused);
    queue.replaceWith(next);
    if (row) {
      const now = byId(row.id);
      const at = now && ([...now.querySelectorAll("a, button")][place] || now.querySelector("a"));
      if (at) at.focus({ preventScroll: true });
    }
    let added = 0;
    for (const item of next.querySelectorAll("[data-row]")) if (!before.has(item.id)) added++;
    if (added) byId("politely").textContent = added === 1 ? "One enquiry was added to the queue." : `${added} enquiries were added to the queue.`;
  };
  if (byId("queue")) setInterval(() => readRows(), 60000); // what is waiting grows older

  // -- the stream, and a watch over it ---------------------------------------------------------------------------
  const LOST_AFTER = 15000;
  const lost = byId("lost");
  let heard = performance.now(), over = false;

  const sayLost = words => {
    lost.hidden = !words;
    if (words && lost.textContent !== words) lost.textContent = words;
  };

  const stream = new EventSource(`/desk/events?since=${document.body.dataset.change}`);
  stream.addEventListener("state", event => {
    heard = performance.now();
    const news = JSON.parse(event.data);
    sayLost("");
    const otherAlerts = news.alerts.length !== known.size || news.alerts.some(alert => !known.has(alert.reference));
    showAlerts(news.alerts, news.rings);
    const count = byId("incident-count");
    count.textContent = news.incidents;
    count.classList.toggle("none", !news.incidents);
    if (news.changed || otherAlerts) readRows(otherAlerts);
  });
  stream.addEventListener("signed-out", () => {
    over = true;
    stream.close();
    alarming = [];
    keepRinging();
    flashTitle();
    document.title = "Signed out – " + title;
    if (isOn()) tone(audio.currentTime, 440);
    sayLost("You are signed out. No alert shows or sounds here any more. Sign in again.");
  });
  setInterval(() => {
    if (!over && performance.now() - heard > LOST_AFTER) {
      sayLost("This page has lost touch with the front door. Alerts may not show here. Load the page again, and watch your phone.");
    }
    if (stream.readyState === EventSource.CLOSED && !over) location.reload();
  }, 5000);

  // -- somebody is here: a page that is watched stays signed in ----------------------------------------------------
  let told = performance.now();
  const here = () => {
    if (over || performance.now() - told < 60000) return;
    told = performance.now();
    fetch("/desk/here").catch(() => undefined);
  };
  for (const kind of ["keydown", "pointerdown", "pointermove", "scroll"]) addEventListener(kind, here, { passive: true });

  // -- keys ------------------------------------------------------------------------------------------------------
  const help = byId("help"), useKeys = byId("keys-on");
  if (help) {
    byId("help-open").hidden = false;
    byId("help-open").addEventListener("click", () => help.showModal());
    useKeys.checked = store.get("desk-keys") !== "off";
    useKeys.addEventListener("change", () => store.set("desk-keys", useKeys.checked ? "on" : "off"));
  }
  const links = () => [...document.querySelectorAll("[data-row] [data-open]")];
  const move = step => {
    const all = links();
    if (!all.length) return;
    const row = document.activeElement.closest("[data-row]");
    const at = row ? all.indexOf(row.querySelector("[data-open]")) : step > 0 ? -1 : all.length;
    const next = all[Math.min(all.length - 1, Math.max(0, at + step))];
    next.focus();
    next.closest("[data-row]").scrollIntoView({ block: "nearest" });
  };
  addEventListener("keydown", event => {
    const into = event.target;
    if (event.ctrlKey || event.metaKey || event.altKey || !help || help.open) return;
    if (/^(INPUT|TEXTAREA|SELECT)$/.test(into.tagName)) return;
    if (!useKeys.checked && event.key !== "?") return;
    const row = document.activeElement.closest("[data-row]");
    const form = row && row.querySelector("[data-acknowledge]");
    if (event.key === "j") move(1);
    else if (event.key === "k") move(-1);
    else if (event.key === "a" && form) form.requestSubmit();
    else if (/^[cv]$/.test(event.key) && document.querySelector(`[data-key="${event.key}"]`)) document.querySelector(`[data-key="${event.key}"]`).click();
    else if (event.key === "/") byId("reference").focus();
    else if (event.key === "?") help.showModal();
    else return;
    event.preventDefault();
  });
})();
