import { SystemError } from '../errno.ts';
import type { SystemCallHandler, SystemCalls } from './call.ts';

const none: SystemCallHandler = () => {
  throw new SystemError('EAFNOSUPPORT');
};

const ofDescriptor: SystemCallHandler = (kernel, given) => {
  kernel.open(given.int(0));
  throw new SystemError('ENOTSOCK');
};

/** There is no network: not even the local one by which a C library asks for names of users. */
export const socketCalls: SystemCalls = {
  socket: none,
  socketpair: none,
  connect: ofDescriptor,
  accept: ofDescriptor,
  accept4: ofDescriptor,
  sendto: ofDescriptor,
  recvfrom: ofDescriptor,
  sendmsg: ofDescriptor,
  recvmsg: ofDescriptor,
  shutdown: ofDescriptor,
  bind: ofDescriptor,
  listen: ofDescriptor,
  getsockname: ofDescriptor,
  getpeername: ofDescriptor,
  setsockopt: ofDescriptor,
  getsockopt: ofDescriptor,
};
