// node:http without `import`, which reads each of its exports: that of WebSocket then loads Node's own fetch, at each start
// 35 ms of CPU time and 16 MB for what no service uses.
import type http from 'node:http';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

export const { createServer, IncomingMessage, ServerResponse, STATUS_CODES } = require('node:http') as typeof http;
