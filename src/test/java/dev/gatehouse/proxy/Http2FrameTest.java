package dev.gatehouse.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rule;
import dev.gatehouse.testkit.RawHttp2;
import java.nio.ByteBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Frames that RFC 9113 makes an error of the connection: whoever sends one has lost count. */
class Http2FrameTest extends H2cContract {
  private static byte[] head() {
    return RawHttp2.block(RawHttp2.head("GET", "/odd"));
  }

  private static byte[] number(int value) {
    return ByteBuffer.allocate(4).putInt(value).array();
  }

  private static void whole(RawHttp2 client, int stream, byte[] block) {
    client.frame(RawHttp2.HEADERS, RawHttp2.END_HEADERS | RawHttp2.END_STREAM, stream, block);
  }

  private static void begin(RawHttp2 client, int stream) {
    client.frame(RawHttp2.HEADERS, RawHttp2.END_STREAM, stream, head());
  }

  private static void end(RawHttp2 client, int stream) {
    client.frame(RawHttp2.CONTINUATION, RawHttp2.END_HEADERS, stream, new byte[0]);
  }

  private static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }

  private static byte[] behind(byte[] before, int... values) {
    return ByteBuffer.allocate(before.length + values.length)
        .put(before)
        .put(bytes(values))
        .array();
  }

  /** What is sent after a request on stream 1 has been answered. */
  private enum Odd {
    // Which stream (§5.1, §5.1.1).
    A_STREAM_OF_THE_SERVER {
      @Override
      void send(RawHttp2 client) {
        whole(client, 2, head());
      }
    },
    NO_STREAM {
      @Override
      void send(RawHttp2 client) {
        whole(client, 0, head());
      }
    },
    A_STREAM_BEFORE {
      @Override
      void send(RawHttp2 client) {
        client.frame(RawHttp2.PRIORITY, 0, 9, bytes(0, 0, 0, 0, 1));
        client.get(7, "/");
        whole(client, 5, head());
      }
    },
    A_STREAM_TWICE {
      @Override
      void send(RawHttp2 client) {
        whole(client, 1, head());
      }
    },
    DATA_BEFORE_A_HEAD {
      @Override
      void send(RawHttp2 client) {
        client.data(3, true, "GET /odd HTTP/1.1");
      }
    },
    A_RESET_BEFORE_A_HEAD {
      @Override
      void send(RawHttp2 client) {
        client.frame(RawHttp2.RST_STREAM, 0, 3, number(8));
      }
    },
    A_WINDOW_BEFORE_A_HEAD {
      @Override
      void send(RawHttp2 client) {
        client.windowUpdate(3, 10);
      }
    },
    // Push is the server's (§8.4), and this one never does.
    A_PUSH {
      @Override
      void send(RawHttp2 client) {
        client.headers(3, false, RawHttp2.head("POST", "/"));
        client.frame(
            RawHttp2.PUSH_PROMISE,
            RawHttp2.END_HEADERS,
            3,
            ByteBuffer.allocate(4 + head().length).putInt(2).put(head()).array());
      }
    },
    PUSH_WANTED_TWICE {
      @Override
      void send(RawHttp2 client) {
        client.settings(2, 2);
      }
    },
    // A header block is one piece (§6.2, §6.10).
    A_BLOCK_CONTINUED_FROM_NOTHING {
      @Override
      void send(RawHttp2 client) {
        client.frame(RawHttp2.CONTINUATION, RawHttp2.END_HEADERS, 3, head());
      }
    },
    A_PING_WITHIN_A_BLOCK {
      @Override
      void send(RawHttp2 client) {
        begin(client, 3);
        client.frame(RawHttp2.PING, 0, 0, new byte[8]);
        end(client, 3);
      }
    },
    ANOTHER_STREAM_WITHIN_A_BLOCK {
      @Override
      void send(RawHttp2 client) {
        begin(client, 3);
        end(client, 5);
      }
    },
    ANOTHER_HEAD_WITHIN_A_BLOCK {
      @Override
      void send(RawHttp2 client) {
        begin(client, 3);
        whole(client, 5, head());
      }
    },
    AN_UNKNOWN_FRAME_WITHIN_A_BLOCK {
      @Override
      void send(RawHttp2 client) {
        begin(client, 3);
        client.frame(0x42, 0, 3, new byte[1]);
        end(client, 3);
      }
    },
    // How long a frame is (§4.2, §6).
    PADDING_LONGER_THAN_ITS_FRAME {
      @Override
      void send(RawHttp2 client) {
        client.frame(
            RawHttp2.HEADERS,
            RawHttp2.PADDED | RawHttp2.END_HEADERS | RawHttp2.END_STREAM,
            3,
            bytes(200, 0, 0));
      }
    },
    A_FRAME_LARGER_THAN_ALLOWED {
      @Override
      void send(RawHttp2 client) {
        client.headers(3, false, RawHttp2.head("POST", "/"));
        client.frame(RawHttp2.DATA, RawHttp2.END_STREAM, 3, new byte[16 * 1024 + 1]);
      }
    },
    HALF_A_SETTING {
      @Override
      void send(RawHttp2 client) {
        client.frame(RawHttp2.SETTINGS, 0, 0, new byte[5]);
      }
    },
    A_SETTING_OF_A_STREAM {
      @Override
      void send(RawHttp2 client) {
        client.frame(RawHttp2.SETTINGS, 0, 1, new byte[0]);
      }
    },
    AN_ACKNOWLEDGED_SETTING_WITH_A_VALUE {
      @Override
      void send(RawHttp2 client) {
        client.frame(RawHttp2.SETTINGS, RawHttp2.ACK, 0, new byte[6]);
      }
    },
    A_SHORT_PING {
      @Override
      void send(RawHttp2 client) {
        client.frame(RawHttp2.PING, 0, 0, new byte[7]);
      }
    },
    A_PING_OF_A_STREAM {
      @Override
      void send(RawHttp2 client) {
        client.frame(RawHttp2.PING, 0, 1, new byte[8]);
      }
    },
    A_SHORT_RESET {
      @Override
      void send(RawHttp2 client) {
        client.get(3, "/");
        client.frame(RawHttp2.RST_STREAM, 0, 3, new byte[3]);
      }
    },
    A_GOODBYE_OF_A_STREAM {
      @Override
      void send(RawHttp2 client) {
        client.frame(RawHttp2.GOAWAY, 0, 1, new byte[8]);
      }
    },
    // How much fits (§6.5.2, §6.9.1).
    A_WINDOW_OVERFLOWN {
      @Override
      void send(RawHttp2 client) {
        client.windowUpdate(0, Integer.MAX_VALUE);
      }
    },
    A_WINDOW_OF_NOTHING {
      @Override
      void send(RawHttp2 client) {
        client.windowUpdate(0, 0);
      }
    },
    A_WINDOW_TOO_LARGE_AT_FIRST {
      @Override
      void send(RawHttp2 client) {
        client.settings(4, Integer.MIN_VALUE);
      }
    },
    FRAMES_TOO_SMALL {
      @Override
      void send(RawHttp2 client) {
        client.settings(5, 100);
      }
    },
    // Compression (RFC 7541 §2.3.3, §4.2, §5.1, §5.2, §6).
    AN_INDEX_OF_ZERO {
      @Override
      void send(RawHttp2 client) {
        whole(client, 3, behind(head(), 0x80));
      }
    },
    AN_INDEX_OF_NOTHING {
      @Override
      void send(RawHttp2 client) {
        whole(client, 3, behind(head(), 0xff, 0x80, 0x01));
      }
    },
    AN_INDEX_WITHOUT_AN_END {
      @Override
      void send(RawHttp2 client) {
        whole(client, 3, behind(head(), 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff));
      }
    },
    A_VALUE_LONGER_THAN_ITS_BLOCK {
      @Override
      void send(RawHttp2 client) {
        whole(client, 3, behind(head(), 0x00, 0x01, 'x', 0x20, 'y'));
      }
    },
    A_TABLE_LARGER_THAN_ALLOWED {
      @Override
      void send(RawHttp2 client) {
        whole(
            client,
            3,
            ByteBuffer.allocate(4 + head().length)
                .put(bytes(0x3f, 0xe1, 0xff, 0x03))
                .put(head())
                .array());
      }
    },
    A_HUFFMAN_CODE_WITH_AN_END {
      @Override
      void send(RawHttp2 client) {
        whole(client, 3, behind(head(), 0x00, 0x01, 'x', 0x84, 0xff, 0xff, 0xff, 0xff));
      }
    };

    abstract void send(RawHttp2 client);
  }

  @ParameterizedTest
  @EnumSource
  @Rule("TH-HTTP-5")
  void whatCannotBeEndsItsConnectionAndNoOther(Odd odd) {
    try (RawHttp2 honest = RawHttp2.open(door.port());
        RawHttp2 client = RawHttp2.open(door.port())) {
      client.get(1, "/");
      assertThat(client.await(1).status()).isEqualTo(200);
      app.calls().clear();

      odd.send(client);
      client.awaitEnd();

      assertThat(client.goAway()).as("error").isNotNull().isNotZero();
      assertThat(app.calls()).noneMatch(call -> call.target().equals("/odd"));
      honest.get(1, "/");
      assertThat(honest.await(1).status()).isEqualTo(200);
    }
  }
}
