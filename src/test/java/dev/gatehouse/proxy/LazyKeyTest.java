package dev.gatehouse.proxy;

import static java.nio.channels.SelectionKey.OP_READ;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A key is woken once for what nobody waits for, and always for what somebody does. */
class LazyKeyTest {
  private Selector selector;
  private Pipe pipe;
  private SelectionKey bare;
  private LazyKey key;

  @BeforeEach
  void register() throws IOException {
    selector = Selector.open();
    pipe = Pipe.open();
    pipe.source().configureBlocking(false);
    bare = pipe.source().register(selector, 0);
    key = new LazyKey(bare);
  }

  @AfterEach
  void close() throws IOException {
    pipe.sink().close();
    pipe.source().close();
    selector.close();
  }

  private void write() throws IOException {
    pipe.sink().write(ByteBuffer.allocate(1));
  }

  private static int select(Selector selector) throws IOException {
    selector.selectedKeys().clear();
    return selector.selectNow();
  }

  @Test
  void whatNobodyWaitsForWakesOnce() throws IOException {
    key.interestOps(OP_READ);
    key.interestOps(0);
    assertThat(key.interestOps()).isZero();
    write();

    assertThat(select(selector)).isEqualTo(1);
    assertThat(key.nothingWanted()).isTrue();
    assertThat(select(selector)).isZero();
  }

  @Test
  void whatCameBeforeSomebodyWaitedIsThereThen() throws IOException {
    key.interestOps(OP_READ);
    key.interestOps(0);
    write();
    select(selector);
    key.nothingWanted();

    key.interestOps(OP_READ);

    assertThat(select(selector)).isEqualTo(1);
    assertThat(key.nothingWanted()).isFalse();
    assertThat(key.readyOps()).isEqualTo(OP_READ);
  }

  @Test
  void whatNobodyWaitsForWakesOnceOnAnotherSelectorToo() throws IOException {
    key.interestOps(OP_READ);
    key.interestOps(0);
    try (Selector other = Selector.open()) {
      // As Jetty does it where a selector has failed.
      LazyKey moved = key.movedTo(pipe.source().register(other, bare.interestOps()));
      write();

      assertThat(select(other)).isEqualTo(1);
      assertThat(moved.nothingWanted()).isTrue();
      assertThat(select(other)).isZero();

      moved.interestOps(OP_READ);
      assertThat(select(other)).isEqualTo(1);
      assertThat(moved.nothingWanted()).isFalse();
    }
  }
}
