package dev.gatehouse.proxy;

import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;

/**
 * A key that goes on watching for input that nobody waits for just now, until some comes. A client
 * seldom sends before it has its answer, so that its connection need not be taken off the watch
 * list with each request and put back with each answer: two system calls less. For the thread of
 * its selector alone.
 */
final class LazyKey extends SelectionKey {
  private final SelectionKey key;
  private int wanted;

  LazyKey(SelectionKey key) {
    this(key, key.interestOps());
  }

  private LazyKey(SelectionKey key, int wanted) {
    this.key = key;
    this.wanted = wanted;
  }

  /** The same with another selector, whose key watches for what this one's does. */
  LazyKey movedTo(SelectionKey other) {
    return new LazyKey(other, wanted);
  }

  /** Whether nothing is ready that anybody waits for; it is watched no more then. */
  boolean nothingWanted() {
    if ((key.readyOps() & wanted) != 0) {
      return false;
    }
    key.interestOps(wanted);
    return true;
  }

  @Override
  public SelectionKey interestOps(int operations) {
    wanted = operations;
    int watched = key.interestOps();
    int lazily = operations | watched & OP_READ;
    if (lazily != watched) {
      key.interestOps(lazily);
    }
    return this;
  }

  @Override
  public int interestOps() {
    return wanted;
  }

  @Override
  public int readyOps() {
    return key.readyOps() & wanted;
  }

  @Override
  public SelectableChannel channel() {
    return key.channel();
  }

  @Override
  public Selector selector() {
    return key.selector();
  }

  @Override
  public boolean isValid() {
    return key.isValid();
  }

  @Override
  public void cancel() {
    key.cancel();
  }
}
