import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '@scalpstorm/bus/testing';
import { eventually } from '@scalpstorm/testkit';
import { AddressBroker } from './address-broker.js';
import type { Seen, StoppableBroker } from './broker-kinds.js';

const attemptsMax = 3;
const clusterId = 'c2NhbHBzdG9ybS10ZXN0cw';
const patiently = { timeoutMs: 60_000, everyMs: 100 };

/** Kafka's own distribution: broker and controller in one process, data in a folder of its own. */
export class JavaBroker implements StoppableBroker {
  readonly kind = 'Kafka';
  #process: ChildProcess | null = null;
  readonly #reader: AddressBroker;

  private constructor(
    private readonly libraries: string,
    private readonly folder: string,
    private readonly port: number,
  ) {
    this.#reader = AddressBroker.open(this.kind, this.address);
  }

  /** @param libraries the folder of the distribution's jars */
  static async open(libraries: string): Promise<JavaBroker> {
    for (let attempt = 1; ; attempt += 1) {
      const folder = mkdtempSync(join(tmpdir(), 'kafka-'));
      const broker = new JavaBroker(libraries, folder, await freePort());
      try {
        broker.format(await freePort());
        await broker.start();
        return broker;
      } catch (error) {
        // Somebody may have taken a port that was free a moment ago.
        await broker.close();
        if (attempt === attemptsMax) throw error;
      }
    }
  }

  get address(): string {
    return `127.0.0.1:${this.port}`;
  }

  createTopics(topics: readonly string[], settings?: { maxMessageBytes?: number }): Promise<void> {
    return this.#reader.createTopics(topics, settings);
  }

  records(topic: string): readonly Seen[] {
    return this.#reader.records(topic);
  }

  async start(): Promise<void> {
    const args = ['-Xmx320m', '-cp', join(this.libraries, '*'), 'kafka.Kafka', join(this.folder, 'server.properties')];
    const child = spawn('java', args, { stdio: 'ignore' });
    this.#process = child;
    await eventually(async () => {
      if (child.exitCode !== null) throw new Error(`Kafka ended with ${child.exitCode}`);
      await answers(this.port);
    }, patiently);
  }

  async stop(): Promise<void> {
    const child = this.#process;
    this.#process = null;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }

  async close(): Promise<void> {
    await this.#reader.endReading();
    await this.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private format(controllerPort: number): void {
    const properties = {
      'process.roles': 'broker,controller',
      'node.id': '1',
      'controller.quorum.voters': `1@127.0.0.1:${controllerPort}`,
      listeners: `PLAINTEXT://${this.address},CONTROLLER://127.0.0.1:${controllerPort}`,
      'advertised.listeners': `PLAINTEXT://${this.address}`,
      'controller.listener.names': 'CONTROLLER',
      'inter.broker.listener.name': 'PLAINTEXT',
      'log.dirs': join(this.folder, 'data'),
      'auto.create.topics.enable': 'false',
      'offsets.topic.replication.factor': '1',
      'offsets.topic.num.partitions': '1',
      'group.initial.rebalance.delay.ms': '0',
    };
    const lines = Object.entries(properties).map(([name, value]) => `${name}=${value}\n`);
    const file = join(this.folder, 'server.properties');
    writeFileSync(file, lines.join(''));
    const format = ['-cp', join(this.libraries, '*'), 'kafka.tools.StorageTool', 'format', '-t', clusterId, '-c', file];
    const { status, stderr } = spawnSync('java', format, { encoding: 'utf8' });
    if (status !== 0) throw new Error(`the broker's folder could not be made: ${stderr}`);
  }
}

function answers(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port });
    socket.once('connect', () => {
      socket.destroy();
      resolve();
    });
    socket.once('error', reject);
  });
}
