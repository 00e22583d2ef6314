package dev.gatehouse.proxy;

import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * The threads of the gateway. Jetty gives a connection whose request has ended a thread of its own,
 * to read a next request that nobody can have sent yet; here the connection just waits for it.
 */
final class GatewayThreads extends QueuedThreadPool {

  GatewayThreads(int max) {
    super(max);
    setName("gatehouse");
  }

  @Override
  public void execute(Runnable job) {
    if (!(job instanceof StrictHttpConnection connection) || !connection.awaitNext()) {
      super.execute(job);
    }
  }
}
