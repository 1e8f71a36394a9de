// What a person can find on the page: by role and accessible name. Loaded before each question of page.rs.

const ROLES = {
  button: 'button, [role=button], summary',
  checkbox: 'input[type=checkbox], [role=checkbox]',
  dialog: 'dialog, [role=dialog], [role=alertdialog]',
  group: '[role=group], fieldset',
  heading: 'h1, h2, h3, [role=heading]',
  link: 'a[href], [role=link]',
  list: 'ul, ol, [role=list]',
  listbox: '[role=listbox]',
  menuitem: '[role=menuitem], [role=menuitemradio]',
  note: '[role=note], [role=alert], [role=status]',
  option: '[role=option]',
  radio: 'input[type=radio], [role=radio]',
  region: 'section[aria-label], [role=region], [role=complementary]',
  row: 'tr, [role=row], [role=option]',
  switch: '[role=switch]',
  tab: '[role=tab]',
  textbox: 'input:not([type=checkbox], [type=radio]), textarea, [role=textbox]',
  toolbar: '[role=toolbar]',
  treeitem: '[role=treeitem], [role=treeitem] a, [role=treeitem] button',
};

const tidy = (text) => (text ?? '').replace(/\s+/g, ' ').trim();

function nameOf(element) {
  const labelledBy = element.getAttribute('aria-labelledby');
  if (labelledBy) {
    return tidy(labelledBy.split(/\s+/).map((id) => document.getElementById(id)?.textContent).join(' '));
  }
  const label = element.getAttribute('aria-label');
  if (label) return tidy(label);
  if (element.labels?.length) return tidy([...element.labels].map((one) => one.textContent).join(' '));
  return tidy(element.innerText);
}

const isVisible = (element) => element.getClientRects().length > 0;

// An open dialog is all that a person can reach.
const reachable = () => [...document.querySelectorAll(ROLES.dialog)].filter(isVisible).at(-1) ?? document;

/** The first visible element of this role whose name is `name` or begins with it and a count, mark or shortcut. */
function find(role, name) {
  const place = role === 'dialog' ? document : reachable();
  const all = [...place.querySelectorAll(ROLES[role])].filter(isVisible);
  return all.find((one) => nameOf(one) === name) ?? all.find((one) => nameOf(one).startsWith(name)) ?? null;
}

/** The first row that shows all of `texts`. */
function findRow(texts) {
  const all = [...document.querySelectorAll(ROLES.row)].filter(isVisible);
  return all.find((row) => texts.every((text) => tidy(row.innerText).includes(text))) ?? null;
}

const hasRow = (texts) => findRow(texts) !== null;

/** What scrolls in the grid or list that is called `name`. */
function scroller(name) {
  const list = document.querySelector(`[role=grid][aria-label="${name}"], [role=listbox][aria-label="${name}"]`);
  return [list, ...list.querySelectorAll('*')].find((one) => /auto|scroll/.test(getComputedStyle(one).overflowY));
}

/** Whether the page shows `text`. */
const hasText = (text) => tidy(document.body.innerText).includes(text);

/** Notes the moment at which `condition` becomes true, without anybody having to ask. */
function watch(condition) {
  window.__seen = null;
  const look = () => {
    if (window.__seen === null && condition()) {
      window.__seen = Date.now();
      observer.disconnect();
    }
  };
  const observer = new MutationObserver(look);
  observer.observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true });
  return condition();
}

/** Whether the page is the same as when it was asked last, and nothing is animated but what goes on for ever. */
function isSettled() {
  const finite = document.getAnimations().filter((one) => one.effect?.getComputedTiming().endTime !== Infinity);
  const now = document.body.innerHTML;
  const isSame = window.__before === now;
  window.__before = now;
  return isSame && finite.length === 0;
}

/** What nobody can reach: a page that is wider than its window, and controls that nothing brings into sight. */
function outside() {
  const root = document.documentElement;
  const found = root.scrollWidth > innerWidth ? [`the page is ${root.scrollWidth} wide`] : [];
  for (const pane of [...document.querySelectorAll('.scroll')].filter(isVisible)) {
    if (pane.scrollWidth > pane.clientWidth + 1) found.push(`a pane of ${pane.clientWidth} scrolls ${pane.scrollWidth}`);
  }
  const controls = reachable().querySelectorAll('button, input, textarea, [role=tab], [role=row], [role=option], a[href]');
  for (const control of [...controls].filter(isVisible)) {
    const box = control.getBoundingClientRect();
    const scrolls = (axis) => {
      for (let one = control.parentElement; one !== null; one = one.parentElement) {
        if (/auto|scroll/.test(getComputedStyle(one)[`overflow${axis}`])) return true;
      }
      return false;
    };
    const isLeft = box.right <= 0 || box.left >= innerWidth - 1;
    const isBelow = box.bottom <= 0 || box.top >= innerHeight - 1;
    if ((isLeft && !scrolls('X')) || (isBelow && !scrolls('Y'))) {
      found.push(`${nameOf(control).slice(0, 60)} at ${Math.round(box.left)}, ${Math.round(box.top)}`);
    }
  }
  return found;
}
