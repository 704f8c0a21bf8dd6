// One phone for a browser: the tab that holds the lock has it. Tabs speak over a channel: a page with a number asks
// the phone's tab to dial, and a tab that wants the phone asks whether a call is under way there.

const NAME = "lightline-phone";
const ANSWER = 400; // ms

let channel;
const open = () => (channel ??= new BroadcastChannel(NAME));

/** Asks the tab that has the phone; resolves its answer, undefined where no tab answers. */
export function askPhone(question) {
  const talk = open();
  const id = `${Date.now()}-${Math.random()}`;
  return new Promise((resolve) => {
    const heard = ({ data }) => data.re === id && done(data.answer);
    const done = (answer) => {
      talk.removeEventListener("message", heard);
      clearTimeout(timer);
      resolve(answer);
    };
    const timer = setTimeout(done, ANSWER);
    talk.addEventListener("message", heard);
    talk.postMessage({ id, question });
  });
}

/** Answers other tabs: `answer(question)` returns what to say; returns how to stop. */
export function answerTabs(answer) {
  const talk = open();
  const heard = ({ data }) => {
    if (!data.question) return;
    const said = answer(data.question);
    if (said !== undefined) talk.postMessage({ re: data.id, answer: said });
  };
  talk.addEventListener("message", heard);
  return () => talk.removeEventListener("message", heard);
}

/** Takes the lock. `have` is called once we have it, `lost` when another tab took it; resolves false where it is taken. */
export function take({ steal = false, have, lost }) {
  let release;
  const held = new Promise((resolve) => {
    release = resolve;
  });
  return new Promise((resolve) => {
    navigator.locks
      .request(NAME, steal ? { steal: true } : { ifAvailable: true }, (lock) => {
        resolve(Boolean(lock));
        if (!lock) return undefined;
        have(release);
        return held;
      })
      .catch(lost);
  });
}
