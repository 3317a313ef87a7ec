import { Server } from 'node:net'

/**
 * Runs `start` while every server that listens without naming a host gets 127.0.0.1 and a free port.
 * `@azure/functions` opens its streaming server on all interfaces and takes no option for it.
 */
export async function listenOnLoopback<T>(start: () => Promise<T>): Promise<T> {
  const { listen } = Server.prototype
  Server.prototype.listen = function (this: Server, ...args: unknown[]): Server {
    const [onListening] = args
    const namesNothing = args.length === 0 || (args.length === 1 && typeof onListening === 'function')
    return Reflect.apply(listen, this, namesNothing ? [0, '127.0.0.1', onListening] : args)
  }
  try {
    return await start()
  } finally {
    Server.prototype.listen = listen
  }
}
