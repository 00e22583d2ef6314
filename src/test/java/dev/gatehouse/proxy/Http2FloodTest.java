package dev.gatehouse.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.testkit.RawHttp2;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Frames that cost the sender little: more of them than an honest client sends end a connection.
 */
class Http2FloodTest extends H2cContract {
  private static final int MANY = 2000;

  /** What is sent again and again, and how often an honest client may do so at once. */
  private enum Flood {
    RESETS {
      @Override
      void send(RawHttp2 client, int i) {
        int stream = 3 + 2 * i;
        client.get(stream, "/");
        client.frame(RawHttp2.RST_STREAM, 0, stream, ByteBuffer.allocate(4).putInt(8).array());
      }
    },
    PINGS {
      @Override
      void send(RawHttp2 client, int i) {
        client.frame(RawHttp2.PING, 0, 0, new byte[8]);
      }
    },
    SETTINGS {
      @Override
      void send(RawHttp2 client, int i) {
        client.settings(4, 70_000 + i);
      }
    },
    EMPTY_SETTINGS {
      @Override
      void send(RawHttp2 client, int i) {
        client.settings();
      }
    },
    PRIORITIES {
      @Override
      void send(RawHttp2 client, int i) {
        client.frame(RawHttp2.PRIORITY, 0, 3, new byte[] {0, 0, 0, 1, 5});
      }
    },
    EMPTY_DATA {
      @Override
      void send(RawHttp2 client, int i) {
        if (i == 0) {
          client.headers(3, false, RawHttp2.head("POST", "/"));
        }
        client.data(3, false, "");
      }
    },
    MALFORMED_BY_JETTY {
      @Override
      void send(RawHttp2 client, int i) {
        client.get(3 + 2 * i, "/", "te", "gzip");
      }
    },
    MALFORMED_BY_US {
      @Override
      void send(RawHttp2 client, int i) {
        client.get(3 + 2 * i, "/", "transfer-encoding", "chunked");
      }
    },
    RESETS_MADE_HERE {
      @Override
      void send(RawHttp2 client, int i) {
        int stream = 3 + 2 * i;
        client.get(stream, "/");
        client.frame(RawHttp2.WINDOW_UPDATE, 0, stream, ByteBuffer.allocate(4).putInt(0).array());
      }
    },
    SELF_DEPENDENCY {
      @Override
      void send(RawHttp2 client, int i) {
        client.frame(RawHttp2.PRIORITY, 0, 3, new byte[] {0, 0, 0, 3, 5});
      }
    },
    UNKNOWN_FRAMES {
      @Override
      void send(RawHttp2 client, int i) {
        client.frame(0x42, 0, 0, new byte[0]);
      }
    };

    abstract void send(RawHttp2 client, int i);
  }

  @ParameterizedTest
  @EnumSource
  @Rule("TH-HTTP-5")
  @Rule("TH-DOS-8")
  void aFloodEndsItsConnectionAndNoOther(Flood flood) {
    try (RawHttp2 honest = RawHttp2.open(door.port());
        RawHttp2 client = RawHttp2.open(door.port())) {
      // Its preface alone would be ended after a while.
      honest.get(1, "/");
      assertThat(honest.await(1).status()).isEqualTo(200);
      client.get(1, "/");
      assertThat(client.await(1).status()).isEqualTo(200);

      for (int i = 0; i < MANY; i++) {
        flood.send(client, i);
      }
      client.awaitEnd();

      assertThat(app.calls()).as("what reached the app").hasSizeLessThan(MANY / 2);
      honest.get(3, "/");
      assertThat(honest.await(3).status()).isEqualTo(200);
    }
  }

  @Test
  @Rule("TH-DOS-8")
  void aHeaderBlockThatDoesNotEndIsCut() {
    byte[] piece = RawHttp2.block("x", "y".repeat(8000));
    try (RawHttp2 client = RawHttp2.open(door.port())) {
      client.frame(
          RawHttp2.HEADERS, RawHttp2.END_STREAM, 1, RawHttp2.block(RawHttp2.head("GET", "/")));
      for (int i = 0; i < 1000; i++) {
        client.frame(RawHttp2.CONTINUATION, 0, 1, piece);
      }
      client.awaitEnd();
      assertThat(app.calls()).isEmpty();
    }
  }

  @Test
  @Rule("TH-DOS-8")
  void continuationsThatContinueNothingAreCut() {
    try (RawHttp2 client = RawHttp2.open(door.port())) {
      byte[] head = RawHttp2.block(RawHttp2.head("GET", "/"));
      client.frame(RawHttp2.HEADERS, RawHttp2.END_STREAM, 1, head);
      for (int i = 0; i < 10; i++) {
        client.frame(RawHttp2.CONTINUATION, 0, 1, new byte[0]);
      }
      client.frame(RawHttp2.CONTINUATION, RawHttp2.END_HEADERS, 1, new byte[0]);
      assertThat(client.await(1).status()).isEqualTo(200);
      app.calls().clear();

      client.frame(RawHttp2.HEADERS, RawHttp2.END_STREAM, 3, head);
      for (int i = 0; i < MANY; i++) {
        client.frame(RawHttp2.CONTINUATION, 0, 3, new byte[0]);
      }
      client.awaitEnd();
      assertThat(app.calls()).isEmpty();
    }
  }

  @Test
  @Rule("TH-DOS-8")
  void aBombOfIndexedFieldsIsCut() {
    try (RawHttp2 client = RawHttp2.open(door.port())) {
      byte[] value = new byte[4000];
      Arrays.fill(value, (byte) 'v');
      ByteBuffer block = ByteBuffer.allocate(16_000);
      block.put(RawHttp2.block(RawHttp2.head("GET", "/")));
      // A literal that is kept in the table (RFC 7541 §6.2.1), and then its index, again and again.
      block.put((byte) 0x40).put((byte) 1).put((byte) 'x');
      block.put((byte) 127).put((byte) (4000 - 127 & 0x7f | 0x80)).put((byte) (4000 - 127 >> 7));
      block.put(value);
      while (block.position() < 10_000) {
        block.put((byte) (0x80 | 62));
      }
      client.frame(
          RawHttp2.HEADERS,
          RawHttp2.END_STREAM | RawHttp2.END_HEADERS,
          1,
          Arrays.copyOf(block.array(), block.position()));
      client.awaitEnd();
      assertThat(client.stream(1).status()).isIn(0, 431);
      assertThat(app.calls()).isEmpty();
    }
  }

  @Test
  @Rule("TH-DOS-8")
  void moreStreamsAtOnceThanAllowedAreRefused() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    try (RawUpstream waiting =
            new RawUpstream(
                call -> {
                  try {
                    go.await(20, TimeUnit.SECONDS);
                  } catch (InterruptedException e) {
                    throw new IOException(e);
                  }
                  call.send(RawUpstream.OK);
                  return true;
                });
        Door busy = Door.speakingH2c(waiting, Door.LIMITS);
        RawHttp2 client = RawHttp2.open(busy.port())) {
      int most = StrictHttp2ConnectionFactory.MAX_STREAMS;
      for (int i = 0; i < most; i++) {
        client.get(1 + 2 * i, "/");
      }
      client.get(1 + 2 * most, "/");

      assertThat(client.await(1 + 2 * most).reset).as("REFUSED_STREAM").isEqualTo(7);
      go.countDown();
      for (int i = 0; i < most; i++) {
        assertThat(client.await(1 + 2 * i).status()).isEqualTo(200);
      }
      assertThat(waiting.calls()).hasSize(most);
    }
  }
}
