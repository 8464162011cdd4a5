/* The revote code is made here, on the voter's side; the one in the page's source serves those
   without scripts. It stays on the device only for whoever asks for that. */

const nameOf = (election) => `revote code ${election}`;
const storage = {
  read: (election) => { try { return localStorage.getItem(nameOf(election)); } catch { return null; } },
  write: (election, code) => { try { localStorage.setItem(nameOf(election), code); return true; } catch { return false; } },
  drop: (election) => { try { localStorage.removeItem(nameOf(election)); } catch { /* nothing is kept then */ } },
};

function made() {
  const bytes = crypto.getRandomValues(new Uint8Array(24));
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_");
}

const form = document.querySelector("form[data-election]");
if (form) {
  const field = form.querySelector('[name="option-revote_code"]');
  const kept = storage.read(form.dataset.election);
  const isFresh = field.value && !("refused" in form.dataset);
  if (kept && (isFresh || !field.value)) field.value = kept;
  else if (isFresh) field.value = made();
}

const keep = document.querySelector("[data-keep-code]");
if (keep) {
  const election = keep.dataset.keepCode, code = document.querySelector("[data-code]").textContent;
  const [keepIt, forget] = keep.querySelectorAll("button"), word = keep.querySelector("[data-kept-word]");
  const show = (isKept, text) => {
    keepIt.hidden = isKept;
    forget.hidden = !isKept;
    if (text) word.textContent = text;
  };
  keepIt.addEventListener("click", () => { if (storage.write(election, code)) { show(true, word.dataset.kept); forget.focus(); } });
  forget.addEventListener("click", () => { storage.drop(election); show(false, word.dataset.gone); keepIt.focus(); });
  show(storage.read(election) === code);
  keep.hidden = false;
}
