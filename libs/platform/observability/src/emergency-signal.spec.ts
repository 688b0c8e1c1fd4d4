import { expect, test } from '@jest/globals';
import { EmergencySignal } from './emergency-signal.js';

test('a signal that comes before anybody can act is kept, and one after the end is not heard', () => {
  const signal = new EmergencySignal();
  let pressed = 0;
  process.emit('SIGUSR2');
  signal.whenPressed(() => {
    pressed += 1;
  });
  expect(pressed).toBe(1);
  process.emit('SIGUSR2');
  expect(pressed).toBe(2);
  signal.close();
  process.emit('SIGUSR2');
  expect(pressed).toBe(2);
});
