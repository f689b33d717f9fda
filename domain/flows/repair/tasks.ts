/** The tasks that flows which serve a machine choose from. Free of zod. */
import { tasks as loan } from '../parts-loan/tasks.ts';
import { tasks as completion } from './completion/tasks.ts';
import { tasks as phone } from './phone/tasks.ts';
import { tasks as visit } from './visit/tasks.ts';

export const repairTasks = { ...phone, ...loan, ...visit, ...completion };
