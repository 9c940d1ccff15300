// The control thread's entry: what the main thread asks for goes to the control room, and what happens there is told.

import { constants, setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import type { ControlReply, ControlRequest } from './control-messages.js';
import { ControlRoom } from './control-room.js';
import type { ControlThreadOptions } from './control-thread.js';

const port = parentPort;
if (port === null) {
  throw new Error('this file runs as a thread; startControlThread starts it');
}

// A note must not wait behind other programs' work. On Linux this is the priority of this thread alone.
try {
  setPriority(constants.priority.PRIORITY_HIGHEST);
} catch {
  // The user may not; the thread then runs like every other.
}

const tell = (reply: ControlReply): void => port.postMessage(reply);

const opening = await ControlRoom.open(workerData as ControlThreadOptions, {
  onNotice: (text) => tell({ type: 'notice', text }),
  onStatus: (status) => tell({ type: 'status', status }),
  onHandedOver: (plan, outcome) => tell({ type: 'handed_over', plan, outcome }),
  onWish: (number, wish) => tell({ type: 'wish', number, wish }),
});

if (opening.ok) {
  const { room } = opening;
  port.on('message', (request: ControlRequest) => {
    switch (request.type) {
      case 'key':
        room.key(request.name, request.arrival);
        return;
      case 'panic':
        room.panic(request.arrival);
        return;
      case 'report':
        room.report(request.status);
        return;
      case 'hand_over':
        room.handOver(request.order);
        return;
      case 'answer':
        room.answer(request.wish, request.outcome);
        return;
      case 'stop':
        void room.close(request.frames).then((status) => {
          tell({ type: 'stopped', status });
          port.close();
        });
        return;
    }
  });
  tell({ type: 'started', status: room.status() });
} else {
  tell({ type: 'failed', failure: opening.failure });
  port.close();
}
