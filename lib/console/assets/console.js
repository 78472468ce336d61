// What pages have beyond plain HTML: keys, copying, live parts, times that go on. Without it everything can be read and done.
document.documentElement.classList.add("has-script");

const said = document.getElementById("said");
const dialog = document.getElementById("keys");
const switchOff = document.querySelector("[data-keys-off]");
const isOff = () => localStorage.getItem("keys") === "off";

// ---------------------------------------------------------------- copying

document.addEventListener("click", (event) => {
  const button = event.target instanceof Element && event.target.closest("[data-copy]");
  if (!button) return;
  navigator.clipboard.writeText(button.dataset.copy).then(
    () => copied(button),
    () => tell("The browser did not allow copying"),
  );
});

function copied(button) {
  tell("Copied");
  button.classList.add("done");
  setTimeout(() => button.classList.remove("done"), 1500);
}

function tell(text) {
  said.textContent = "";
  requestAnimationFrame(() => (said.textContent = text));
}

// ---------------------------------------------------------------- keys

let pressed = "";

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  const { key } = event;
  if (key === "?") return showKeys();
  if (isOff() || dialog.open) return;
  const isSecond = pressed === "g";
  pressed = key;
  if (isSecond) return goTo(key);
  if (key === "/") return run(event, () => document.getElementById("search").select());
  if (key === "j" || key === "k") return run(event, () => move(key === "j" ? 1 : -1));
  if (key === "Enter" && event.target === document.body) open(document.querySelector("tr.here"));
});

function run(event, action) {
  event.preventDefault();
  action();
}

function isTyping(target) {
  return target instanceof Element && target.closest("input, textarea, select, [contenteditable]") !== null;
}

function goTo(key) {
  const place = [...dialog.querySelectorAll("kbd")].find((one) => one.textContent === `g ${key}`);
  const title = place?.closest("div").querySelector("dd").textContent;
  const link = [...document.querySelectorAll(".places a")].find((one) => one.textContent === title);
  if (link) location.href = link.href;
}

function move(by) {
  const rows = [...document.querySelectorAll("tr[data-href]")];
  const here = rows.findIndex((row) => row.classList.contains("here"));
  const next = rows[Math.min(rows.length - 1, Math.max(0, here + by))];
  if (!next) return;
  rows[here]?.classList.remove("here");
  next.classList.add("here");
  next.scrollIntoView({ block: "nearest" });
  tell(next.textContent.replace(/\s+/g, " ").trim());
}

function open(row) {
  if (row) location.href = row.dataset.href;
}

function showKeys() {
  switchOff.checked = isOff();
  dialog.showModal();
}

switchOff?.addEventListener("change", () => localStorage.setItem("keys", switchOff.checked ? "off" : "on"));
document.querySelector("[data-keys]")?.addEventListener("click", showKeys);

// ---------------------------------------------------------------- files that are dropped

for (const place of document.querySelectorAll("[data-drop]")) {
  const input = place.querySelector('input[type="file"]');
  for (const kind of ["dragover", "dragleave", "drop"]) {
    place.addEventListener(kind, (event) => {
      event.preventDefault();
      place.classList.toggle("over", kind === "dragover");
      if (kind === "drop" && event.dataTransfer.files.length > 0) input.files = event.dataTransfer.files;
    });
  }
}

// ---------------------------------------------------------------- times

setInterval(() => document.querySelectorAll("time[data-ago]").forEach(update), 10_000);

function update(time) {
  const seconds = Math.round((Date.now() - Date.parse(time.dateTime)) / 1000);
  const text = agoText(seconds);
  if (time.textContent !== text) time.textContent = text;
}

function agoText(seconds) {
  if (seconds < 0) return `in ${age(-seconds)}`;
  return seconds < 1 ? "now" : `${age(seconds)} ago`;
}

// As lib/ops/words.ts has it.
function age(seconds) {
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 120) return `${minutes} min`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `${hours} h` : `${Math.round(hours / 24)} days`;
}

// ---------------------------------------------------------------- live parts

const address = document.body.dataset.live;
let stream;
let isOver = false;

function listen() {
  // A browser has six connections to one place: a page that nobody sees gives its own back.
  if (!address || isOver || stream || document.hidden) return;
  stream = new EventSource(address);
  stream.addEventListener("part", (event) => place(JSON.parse(event.data)));
  stream.addEventListener("end", () => {
    isOver = true;
    stop();
  });
  stream.addEventListener("error", () => standStill(stream));
}

/** What is shown may be old by now. The first part of a stream that works again takes it away. */
function standStill({ readyState }) {
  const why = readyState === EventSource.CLOSED ? "The session is over" : "The console does not answer";
  const notice = document.createElement("div");
  notice.className = "notice warn";
  notice.textContent = `${why}: what stands here may be old. Load the page again.`;
  document.getElementById("live-problem").replaceChildren(notice);
}

function stop() {
  stream?.close();
  stream = undefined;
}

/** By the id of a part that is in use: its newest content, for when it is not any more. */
const waiting = new Map();

/** Not under the hand or the eye of whoever is using it. */
function place({ id, html }) {
  const part = document.getElementById(id);
  if (!part) return;
  if (!isInUse(part)) return replace(part, html);
  if (!waiting.has(id)) setTimeout(placeWaiting, 1000, id);
  waiting.set(id, html);
}

function placeWaiting(id) {
  const html = waiting.get(id);
  waiting.delete(id);
  if (html !== undefined) place({ id, html });
}

function replace(part, html) {
  waiting.delete(part.id);
  if (part.innerHTML === html) return;
  const folds = new Map([...part.querySelectorAll("details[id]")].map((one) => [one.id, one.open]));
  const here = part.querySelector("tr.here")?.dataset.href;
  part.innerHTML = html;
  for (const one of part.querySelectorAll("details[id]")) one.open = folds.get(one.id) ?? one.open;
  if (here) [...part.querySelectorAll("tr[data-href]")].find((row) => row.dataset.href === here)?.classList.add("here");
}

function isInUse(part) {
  return part.contains(document.activeElement) || isSelected(part);
}

function isSelected(part) {
  const selection = getSelection();
  return selection !== null && !selection.isCollapsed && selection.containsNode(part, true);
}

document.addEventListener("visibilitychange", () => (document.hidden ? stop() : listen()));
addEventListener("pagehide", stop);
listen();
