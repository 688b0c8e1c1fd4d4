import { accessToken } from './api.js';

const pingMs = 4_000;
const deadMs = 12_000;
const backOffMs = [500, 1_000, 2_000, 5_000, 10_000, 20_000, 30_000];
const unauthenticated = 4401;

/**
 * The stream: snapshots and changes, numbered by channel; comes back by itself after a loss. A missing number or a frame
 * that cannot be read is treated as a loss.
 */
export class Live {
  #channels = new Set();
  #sequences = new Map();
  #socket = null;
  #attempt = 0;
  #heardAt = 0;
  #timers = [];
  #wanted = false;

  constructor({ onFrame, onStatus, onEnd }) {
    this.onFrame = onFrame;
    this.onStatus = onStatus;
    this.onEnd = onEnd;
  }

  start() {
    this.#wanted = true;
    this.#connect();
    this.#timers.push(setInterval(() => this.#watch(), pingMs));
    addEventListener('online', () => this.#wanted && this.#connect());
  }

  stop() {
    this.#wanted = false;
    for (const timer of this.#timers) clearInterval(timer);
    this.#socket?.close();
    this.#socket = null;
  }

  /** @param {string[]} names */
  subscribe(names) {
    const fresh = names.filter((name) => !this.#channels.has(name));
    for (const name of fresh) this.#channels.add(name);
    if (fresh.length > 0) this.#say({ op: 'subscribe', channels: fresh });
  }

  unsubscribe(names) {
    const known = names.filter((name) => this.#channels.delete(name));
    if (known.length > 0) this.#say({ op: 'unsubscribe', channels: known });
  }

  /** The stream ends with its token, so it is given the next one in time. */
  renew(token) {
    this.#say({ op: 'auth', token });
  }

  async #connect() {
    if (this.#socket !== null) return;
    const url = `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/v1/stream`;
    const socket = new WebSocket(url);
    this.#socket = socket;
    this.onStatus(this.#attempt === 0 ? 'connecting' : 'reconnecting');
    socket.onopen = async () => {
      try {
        socket.send(JSON.stringify({ op: 'auth', token: await accessToken() }));
      } catch {
        socket.close();
      }
    };
    socket.onmessage = ({ data }) => this.#hear(data);
    socket.onclose = ({ code }) => this.#lost(socket, code);
  }

  #hear(text) {
    this.#heardAt = Date.now();
    const message = JSON.parse(text);
    if (message.op === 'ready') {
      this.#attempt = 0;
      if (this.#sequences.size === 0 && this.#channels.size > 0) {
        this.#say({ op: 'subscribe', channels: [...this.#channels] });
      }
      this.onStatus('live');
      return;
    }
    if (message.ch === undefined || message.type === undefined) return;
    const expected = (this.#sequences.get(message.ch) ?? 0) + 1;
    if (message.type === 'delta' && message.seq !== expected) {
      this.#socket?.close();
      return;
    }
    this.#sequences.set(message.ch, message.seq);
    this.onFrame(message);
  }

  #lost(socket, code) {
    if (this.#socket !== socket) return;
    this.#socket = null;
    this.#sequences.clear();
    if (!this.#wanted) return;
    if (code === unauthenticated && this.#attempt > 2) {
      this.onEnd();
      return;
    }
    this.onStatus('reconnecting');
    const wait = backOffMs[Math.min(this.#attempt, backOffMs.length - 1)];
    this.#attempt += 1;
    // Spread out, so that a restarted gateway does not meet everybody at once.
    this.#timers.push(setTimeout(() => this.#wanted && this.#connect(), wait * (0.5 + Math.random())));
    if (this.#timers.length > 50) this.#timers.splice(1, 40);
  }

  #watch() {
    if (this.#socket?.readyState !== WebSocket.OPEN) return;
    if (Date.now() - this.#heardAt > deadMs) this.#socket.close();
    else this.#say({ op: 'ping' });
  }

  #say(message) {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message));
  }
}
