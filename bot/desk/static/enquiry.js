// Makes an enquiry's page live: what they write appears, canned words go into the box, fields are copied.
// Everything here can be done by plain links and forms as well.
(() => {
  "use strict";
  const EVERY = 1500, TYPING_EVERY = 4000;
  const byId = id => document.getElementById(id);
  const trouble = byId("trouble");
  if (trouble) trouble.focus();

  document.querySelectorAll("[data-words]").forEach(button => button.addEventListener("click", () => {
    const box = byId("write");
    box.value = box.value.trim() ? `${box.value.trimEnd()}\n${button.dataset.words}` : button.dataset.words;
    box.focus();
  }));

  // What is half written in one box is not lost by the button of another; Ctrl and Enter send, as in a chat.
  let going = null;
  const isHalf = box => box.value.trim() !== "" && box.value !== box.defaultValue && !(going && going.contains(box));
  document.addEventListener("submit", event => {
    going = event.target;
    setTimeout(() => { going = null; }, 1000);
  });
  window.addEventListener("beforeunload", event => {
    if ([...document.querySelectorAll("main textarea")].some(isHalf)) event.preventDefault();
  });
  document.addEventListener("keydown", event => {
    const form = event.target.form;
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.target.id !== "write" || !form) return;
    event.preventDefault();
    if (event.target.value.trim()) form.requestSubmit();
  });

  if (navigator.clipboard) document.querySelectorAll("[data-copy]").forEach(button => {
    button.hidden = false;
    const label = button.firstChild;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(byId(button.dataset.copy).textContent);
      label.data = "Copied";
      setTimeout(() => { label.data = "Copy"; }, 2000);
    });
  });

  const talk = byId("conversation");
  if (!talk) return;
  const log = byId("log"), names = "recorded" in talk.dataset
    ? { person: "Written down", worker: "Worker", bot: "To the worker" }
    : { person: "They", worker: "Worker", bot: "Assistant" };
  let last = talk.dataset.last, lost = 0;
  log.scrollTop = log.scrollHeight;

  const make = (tag, name, text) => {
    const element = document.createElement(tag);
    if (name) element.className = name;
    element.textContent = text;
    return element;
  };
  const add = line => {
    const isLow = log.scrollHeight - log.scrollTop - log.clientHeight < 80;
    const box = make("div", `line ${line.from}`, ""), by = make("p", "by", `${names[line.from]} `);
    by.append(make("time", "", line.at));
    const text = make("p", "text", line.text);
    text.dir = "auto";
    box.append(by, text);
    log.append(box);
    last = line.id;
    if (isLow) log.scrollTop = log.scrollHeight;
  };
  const look = async () => {
    try {
      const answer = await fetch(`${talk.dataset.live}?after=${last}`, { headers: { Accept: "application/json" }, redirect: "error" });
      if (!answer.ok) throw new Error("refused");
      const news = await answer.json();
      lost = 0;
      news.lines.forEach(add);
      byId("they-write").hidden = !news.typing;
      byId("here").hidden = news.here.length === 0;
      byId("here-names").textContent = news.here.join(", ");
      byId("changed").hidden = String(news.version) === talk.dataset.version;
    } catch {
      lost = Math.min(lost + 1, 10);
    }
    setTimeout(look, EVERY * (1 + lost));
  };
  setTimeout(look, EVERY);

  const box = byId("write");
  let told = 0;
  if (box) box.addEventListener("input", () => {
    if (Date.now() - told < TYPING_EVERY) return;
    told = Date.now();
    const body = new URLSearchParams({ mark: talk.dataset.mark });
    fetch(talk.dataset.typing, { method: "POST", body }).catch(() => undefined);
  });
})();
