package dev.gatehouse.proxy;

import dev.gatehouse.gate.BodyRelay;
import dev.gatehouse.gate.BodyStart;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.eclipse.jetty.io.Content.Chunk;

/**
 * A request body whose beginning is read ahead. Copies it, since a chunk may hold a large buffer
 * for a few bytes; no thread waits for the client, whose deadlines are those of {@link ClientBody}.
 */
final class PeekedBody {
  private static final byte[] NOTHING = {};

  private final ClientBody body;
  private final int maxBytes;
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final CompletableFuture<BodyStart> start = new CompletableFuture<>();
  private byte[] first = NOTHING;
  private byte[] beyond = NOTHING;

  /**
   * @param maxBytes how much the engine is shown at most
   */
  PeekedBody(ClientBody body, int maxBytes) {
    this.body = body;
    this.maxBytes = maxBytes;
  }

  /**
   * Reads the beginning.
   *
   * @return a stage that fails where the body cannot be read, is too large or comes too slowly
   */
  CompletionStage<BodyStart> read() {
    readOn();
    return start;
  }

  private void readOn() {
    while (bytes.size() < maxBytes && !body.received()) {
      Chunk chunk = body.read();
      if (chunk == null) {
        body.demand(this::readOn);
        return;
      }
      if (Chunk.isFailure(chunk)) {
        start.completeExceptionally(chunk.getFailure());
        return;
      }
      ByteBuffer content = chunk.getByteBuffer();
      byte[] copy = new byte[content.remaining()];
      content.get(copy);
      chunk.release();
      bytes.writeBytes(copy);
    }
    byte[] all = bytes.toByteArray();
    first = all.length > maxBytes ? Arrays.copyOf(all, maxBytes) : all;
    beyond = all.length > maxBytes ? Arrays.copyOfRange(all, maxBytes, all.length) : NOTHING;
    start.complete(new BodyStart(first, beyond.length == 0 && body.received()));
  }

  /** The whole body on its way to the app. */
  ClientBody goingOn(Optional<BodyRelay> relay) {
    byte[] sent = relay.map(BodyRelay::start).orElse(first);
    body.goesOnWith(sent, first.length, beyond, relay.orElse(null));
    return body;
  }
}
