// SPDX-License-Identifier: Apache-2.0
//
// How old are voice and picture when they are heard and seen, from camera and microphone to the page, for each way of the
// media. Both browsers run on this machine, so there is one clock: the pages' cameras are canvases that show the time
// in black and white fields, their microphones give a beep as each second begins; the other page reads its video or
// canvas sixty times a second and looks for the beep in what goes to its loudspeaker. Loopback, by hand, quiet machine:
//
//   sh client-web/tools/with-node node tests/bench/network/ages.mjs [SECONDS]     default 30 for each row
import { loadavg } from "node:os";
import { DemoServer, enter, launchChromium, person, tool, until } from "../../../client-web/tests/browser/world.mjs";

const SECONDS = Number(process.argv[2] ?? 30);
const PERIOD_MS = 1000, CLOCK_BITS = 14;

/** In the page, before its own code: who = 0 or 1. */
const instruments = ({ who, period, bits }) => {
  const wall = () => performance.timeOrigin + performance.now();
  // 8 x 2 fields: who, 14 bits of the time in ms, parity
  const camera = () => {
    const c = Object.assign(document.createElement("canvas"), { width: 640, height: 360 });
    const g = c.getContext("2d");
    setInterval(() => {
      const t = Math.round(wall()) & ((1 << bits) - 1);
      const word = (who << (bits + 1)) | (t << 1);
      let parity = 0;
      for (let k = word; k; k >>= 1) parity ^= k & 1;
      for (let i = 0; i < 16; i++) {
        g.fillStyle = ((word | parity) >> i) & 1 ? "#fff" : "#000";
        g.fillRect((i % 8) * 80, i < 8 ? 0 : 180, 80, 180);
      }
    }, 40);
    return c.captureStream(25).getVideoTracks()[0];
  };
  const microphone = () => {
    const ctx = new AudioContext({ sampleRate: 48000 });
    const out = ctx.createMediaStreamDestination(), gain = ctx.createGain(), tone = ctx.createOscillator();
    const noise = ctx.createBufferSource(), hiss = ctx.createGain();
    noise.buffer = ctx.createBuffer(1, 48000, 48000);
    const samples = noise.buffer.getChannelData(0);
    for (let i = 0; i < samples.length; i++) samples[i] = Math.random() - 0.5;
    noise.loop = true;
    hiss.gain.value = 0.01;
    gain.gain.value = 0;
    tone.frequency.value = 1000;
    tone.connect(gain).connect(out);
    noise.connect(hiss).connect(out);
    tone.start();
    noise.start();
    let next = Math.ceil(wall() / period) * period + period;
    setInterval(() => {
      if (next - wall() > 200) return;
      const at = ctx.currentTime + (next - wall()) / 1000;
      gain.gain.setValueAtTime(0.6, at);
      gain.gain.setValueAtTime(0, at + 0.08);
      next += period;
    }, 50);
    return out.stream.getAudioTracks()[0];
  };
  navigator.mediaDevices.getUserMedia = async (wish) => new MediaStream([...(wish.audio ? [microphone()] : []), ...(wish.video ? [camera()] : [])]);

  window.pictureAges = [];
  window.voiceAges = [];
  const seen = Object.assign(document.createElement("canvas"), { width: 64, height: 16 }).getContext("2d", { willReadFrequently: true });
  let last = -1;
  const look = () => {
    for (const v of document.querySelectorAll("video, canvas")) {
      if (!(v.videoWidth || v.width > 300)) continue;
      try {
        seen.drawImage(v, 0, 0, 64, 16);
      } catch {
        continue;
      }
      const p = seen.getImageData(0, 0, 64, 16).data;
      let word = 0, parity = 0, sharp = true;
      for (let i = 0; i < 16; i++) {
        const y = p[4 * (64 * (i < 8 ? 4 : 12) + (i % 8) * 8 + 4)];
        if (y > 90 && y < 165) sharp = false;
        if (y > 127) word |= 1 << i;
      }
      for (let k = word; k; k >>= 1) parity ^= k & 1;
      if (!sharp || parity || word === last || word >> (bits + 1) === who) continue;
      last = word;
      const span = 1 << bits, age = (((wall() - ((word >> 1) & (span - 1))) % span) + span) % span;
      if (age < span / 2) window.pictureAges.push(age);
    }
    requestAnimationFrame(look);
  };
  document.addEventListener("DOMContentLoaded", look);

  const listen = (node) => {
    const { context } = node, analyser = new AnalyserNode(context, { fftSize: 4096 });
    const samples = new Float32Array(4096);
    let quietUntil = 0;
    connect.call(node, analyser);
    setInterval(() => {
      if (context.currentTime < quietUntil) return;
      analyser.getFloatTimeDomainData(samples);
      const i = samples.findIndex((v) => Math.abs(v) > 0.1);
      if (i < 1024) return; // nothing, or it began before this look: then it was found in the one before
      const heard = wall() - ((4096 - i) / context.sampleRate) * 1000 + 1000 * (context.outputLatency || 0);
      window.voiceAges.push(heard % period);
      quietUntil = context.currentTime + 0.4;
    }, 10);
  };
  const { connect } = AudioNode.prototype;
  AudioNode.prototype.connect = function (to, ...more) {
    if (to instanceof AudioDestinationNode) listen(this);
    return connect.call(this, to, ...more);
  };
  const source = Object.getOwnPropertyDescriptor(HTMLMediaElement.prototype, "srcObject");
  Object.defineProperty(HTMLMediaElement.prototype, "srcObject", {
    get() { return source.get.call(this); },
    set(stream) {
      source.set.call(this, stream);
      if (!(stream instanceof MediaStream) || this.muted || stream.getAudioTracks().length === 0 || this.heardStream === stream) return;
      this.heardStream = stream;
      listen(new AudioContext({ sampleRate: 48000 }).createMediaStreamSource(stream));
    },
  });
};

const p = (list, share) => (list.length ? Math.round([...list].sort((a, b) => a - b)[Math.min(list.length - 1, Math.floor(list.length * share))]) : "-");
const wait = (ms) => new Promise((r) => setTimeout(r, ms));

async function row(name, mentorFrames, childFrames) {
  const server = await DemoServer.start();
  const browsers = [await launchChromium(), await launchChromium()];
  try {
    const people = [];
    for (const [who, [role, frames]] of [["mentor1", mentorFrames], ["child1", childFrames]].entries()) {
      const page = await person(browsers[who], server.links[role], {}, async (context) => {
        await context.addInitScript(instruments, { who, period: PERIOD_MS, bits: CLOCK_BITS });
        if (frames) await context.addInitScript(() => sessionStorage.setItem("parta.way", `frames ${Date.now()}`));
      });
      people.push(page);
    }
    const [mentor, child] = people;
    await enter(child);
    await tool(child, "Камера").click();
    await enter(mentor);
    const ages = (page) => page.evaluate(() => ({ picture: window.pictureAges, voice: window.voiceAges, way: window.line && performance.now() - window.told < 1500 ? "frames" : "udp" }));
    await Promise.all(people.map((page) => until("sees and hears", () => ages(page), (a) => a.picture.length > 10 && a.voice.length > 1, 30_000)));
    await wait(5_000);
    await Promise.all(people.map((page) => page.evaluate(() => { window.pictureAges = []; window.voiceAges = []; })));
    await wait(SECONDS * 1000);
    for (const [i, who] of ["mentor", "child"].entries()) {
      const a = await ages(people[i]);
      console.log(`| ${name} | ${who}, ${a.way} | ${p(a.voice, 0.5)} / ${p(a.voice, 0.95)} of ${a.voice.length} | ${p(a.picture, 0.5)} / ${p(a.picture, 0.95)} | ${(a.picture.length / SECONDS).toFixed(1)} | ${loadavg()[0].toFixed(1)} |`);
    }
  } finally {
    for (const b of browsers) await b.close();
    await server.stop();
  }
}

console.log("| ways | who sees and hears | age of voice p50 / p95, ms | age of picture p50 / p95, ms | pictures a second | load |\n| --- | --- | --- | --- | --- | --- |");
for (const [name, m, c] of [["udp both", false, false], ["WebSocket both", true, true], ["mentor udp, child WebSocket", false, true]])
  await row(name, m, c).catch((e) => console.log(`| ${name} | failed: ${String(e.message).split("\n")[0]} |`));
