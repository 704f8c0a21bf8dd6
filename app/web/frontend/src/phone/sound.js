// The phone's ears and mouth: devices, volume, the ring, the talk's own sound, three in one talk.

const KEEP = "lightline.phone.sound";
const RING_HZ = 450; // the ring of Chinese exchanges: 450 Hz, one second in five (GB/T 3380)

const kept = () => {
  try {
    return JSON.parse(localStorage.getItem(KEEP)) ?? {};
  } catch {
    return {};
  }
};

/** What was chosen on this machine: {microphone, speaker, volume (0-1), ring (0-1)}. */
export const choices = { volume: 1, ring: 0.5, ...kept() };

let context;
let tone;
let mixed;
const speakers = new Map(); // call -> its <audio>
const microphones = new Map(); // call -> its own stream of the microphone

export function choose(values) {
  Object.assign(choices, values);
  localStorage.setItem(KEEP, JSON.stringify(choices));
  for (const element of speakers.values()) apply(element);
}

function apply(element) {
  element.volume = Number(choices.volume);
  if (choices.speaker && element.setSinkId) element.setSinkId(choices.speaker).catch(() => {});
}

export async function devices() {
  const all = await navigator.mediaDevices.enumerateDevices();
  const of = (kind) => all.filter((one) => one.kind === kind && one.deviceId);
  return { microphones: of("audioinput"), speakers: of("audiooutput") };
}

/** A stream of the microphone for one call. Rejects where there is none or the reader forbids it. */
export async function microphone(call) {
  const wanted = choices.microphone ? { deviceId: { ideal: choices.microphone } } : {};
  const stream = await navigator.mediaDevices.getUserMedia({ audio: { echoCancellation: true, noiseSuppression: true, ...wanted } });
  microphones.set(call, stream);
  return stream;
}

export function hear(call, stream) {
  const element = speakers.get(call) ?? new Audio();
  speakers.set(call, element);
  element.autoplay = true;
  element.srcObject = stream;
  apply(element);
}

/** The call is over: its devices are given back. */
export function release(call) {
  microphones.get(call)?.getTracks().forEach((track) => track.stop());
  microphones.delete(call);
  const element = speakers.get(call);
  if (element) element.srcObject = null;
  speakers.delete(call);
}

function audio() {
  context ??= new AudioContext();
  if (context.state === "suspended") context.resume().catch(() => {});
  return context;
}

/** A browser makes no sound before its reader has done something on the page: the first key or click unlocks it. */
export function unlock() {
  audio();
}

export function ring(loud = Number(choices.ring)) {
  quiet();
  const sound = audio();
  const gain = sound.createGain();
  const oscillator = sound.createOscillator();
  oscillator.frequency.value = RING_HZ;
  gain.gain.value = 0;
  oscillator.connect(gain).connect(sound.destination);
  oscillator.start();
  const beat = () => {
    gain.gain.setValueAtTime(loud * 0.4, sound.currentTime);
    gain.gain.setValueAtTime(0, sound.currentTime + 1);
  };
  beat();
  const timer = setInterval(beat, 5000);
  tone = () => {
    clearInterval(timer);
    oscillator.stop();
    gain.disconnect();
  };
}

export function quiet() {
  tone?.();
  tone = undefined;
}

/** Three in one talk: each of the two others hears us and the other. Their senders get a mixed track. */
export function join(first, second, senders, streams) {
  const sound = audio();
  const voice = sound.createGain();
  sound.createMediaStreamSource(microphones.get(first) ?? microphones.get(second)).connect(voice);
  const tracks = [0, 1].map((place) => {
    const out = sound.createMediaStreamDestination();
    voice.connect(out);
    sound.createMediaStreamSource(streams[1 - place]).connect(out);
    return out.stream.getAudioTracks()[0];
  });
  mixed = { voice, tracks, senders, calls: [first, second] };
  return Promise.all(senders.map((sender, place) => sender.replaceTrack(tracks[place])));
}

/** Each call has the microphone for itself again. */
export function part() {
  if (!mixed) return Promise.resolve();
  const { tracks, senders, calls, voice } = mixed;
  mixed = undefined;
  voice.disconnect();
  tracks.forEach((track) => track.stop());
  return Promise.all(
    senders.map((sender, place) => {
      const own = microphones.get(calls[place])?.getAudioTracks()[0] ?? null;
      return sender.transport?.state === "closed" ? undefined : sender.replaceTrack(own).catch(() => {});
    }),
  );
}

/** Our voice within the three; false where they are not joined. */
export function muteVoice(muted) {
  if (mixed) mixed.voice.gain.value = muted ? 0 : 1;
  return Boolean(mixed);
}
