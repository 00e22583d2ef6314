package dev.gatehouse.proxy;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.config.HostPort;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.component.LifeCycle;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * The management listener: {@code /health/live} says that the process serves, {@code /health/ready}
 * whether it should be sent users. Has threads of its own, so that it answers when the gateway is
 * busy or draining.
 */
final class Management {
  private static final int THREADS = 6;

  private final Server server;
  private final ServerConnector connector;

  /**
   * @param notReady why users should go elsewhere; empty when all is well
   */
  Management(
      HostPort listen, StrictHttpConnectionFactory http, Supplier<Optional<String>> notReady) {
    QueuedThreadPool threads = new QueuedThreadPool(THREADS, 1);
    threads.setName("gatehouse-management");
    threads.setReservedThreads(0);
    server = new Server(threads);
    server.setErrorHandler(new BareErrorHandler());
    server.setHandler(new Health(notReady));
    connector = new ServerConnector(server, 1, 1, http);
    connector.setHost(listen.host());
    connector.setPort(listen.port());
    server.addConnector(connector);
  }

  void start() throws Exception {
    server.start();
  }

  void stop() {
    LifeCycle.stop(server);
  }

  /** Where it listens; known when it is started. */
  HostPort address() {
    return new HostPort(connector.getHost(), connector.getLocalPort());
  }

  private static final class Health extends Handler.Abstract.NonBlocking {
    private final Supplier<Optional<String>> notReady;

    Health(Supplier<Optional<String>> notReady) {
      this.notReady = notReady;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
      boolean read =
          HttpMethod.GET.is(request.getMethod()) || HttpMethod.HEAD.is(request.getMethod());
      String path = request.getHttpURI().getPath();
      if (!read) {
        response.getHeaders().put(HttpHeader.ALLOW, "GET, HEAD");
        Response.writeError(request, response, callback, 405);
      } else if ("/health/live".equals(path)) {
        write(response, callback, 200, object("live"));
      } else if ("/health/ready".equals(path)) {
        Optional<String> reason = notReady.get();
        write(
            response,
            callback,
            reason.isEmpty() ? 200 : 503,
            reason.map(why -> object("not-ready").put("reason", why)).orElse(object("ready")));
      } else {
        Response.writeError(request, response, callback, 404);
      }
      return true;
    }

    private static ObjectNode object(String status) {
      return JsonNodeFactory.instance.objectNode().put("status", status);
    }

    private static void write(Response response, Callback callback, int status, ObjectNode body) {
      response.setStatus(status);
      response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
      response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
      response.write(true, ByteBuffer.wrap(body.toString().getBytes(UTF_8)), callback);
    }
  }
}
