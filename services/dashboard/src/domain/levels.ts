import type { Activity } from './rows.js';

export const activityLevels: readonly Activity['level'][] = ['ERROR', 'WARNING', 'SUCCESS', 'INFO', 'TELEGRAM'];
