import { describe, expect, test } from '@jest/globals';
import settings from '../jest.config.mjs';
import PlainGlobals from './test-globals.config.mjs';

describe('the world of a spec', () => {
  test('has a global object that nothing stands before', async () => {
    const environment = new PlainGlobals({ projectConfig: { globals: {}, testEnvironmentOptions: {} } }, {});
    expect(environment.getVmContext() === environment.global).toBe(true);
    expect(environment.global.Math === Math).toBe(false);
    await environment.teardown();
  });

  test('is the one that Jest is told of', () => {
    expect(settings.testEnvironment).toBe('<rootDir>/tools/test-globals.config.mjs');
  });
});
