package dev.gatehouse.proxy;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.config.GatehouseConfig;
import dev.gatehouse.config.HostPort;
import dev.gatehouse.gate.SessionControl;
import dev.gatehouse.ops.OperatorPages;
import java.nio.ByteBuffer;
import java.util.List;
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
 * whether it should be sent users; {@link OperatorPages} show metrics and leaks; {@link
 * SessionCommands} lets an operator end sessions. Has threads of its own, so that it answers when
 * the gateway is busy or draining.
 */
final class Management {
  private static final int THREADS = 6;

  private final Server server;
  private final ServerConnector connector;

  /**
   * @param notReady why users should go elsewhere; empty when all is well
   * @param complaints what else is not as it should be
   * @param operatorPages what else is shown
   */
  Management(
      HostPort listen,
      StrictHttpConnectionFactory http,
      Supplier<Optional<String>> notReady,
      Supplier<List<String>> complaints,
      SessionControl sessions,
      OperatorPages operatorPages) {
    QueuedThreadPool threads = new QueuedThreadPool(THREADS, 1);
    threads.setName("gatehouse-management");
    threads.setReservedThreads(0);
    server = new Server(threads);
    server.setErrorHandler(new BareErrorHandler());
    server.setHandler(
        new Pages(notReady, complaints, new SessionCommands(sessions), operatorPages));
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

  private static final class Pages extends Handler.Abstract.NonBlocking {
    private final Supplier<Optional<String>> notReady;
    private final Supplier<List<String>> complaints;
    private final SessionCommands commands;
    private final OperatorPages operatorPages;

    Pages(
        Supplier<Optional<String>> notReady,
        Supplier<List<String>> complaints,
        SessionCommands commands,
        OperatorPages operatorPages) {
      this.notReady = notReady;
      this.complaints = complaints;
      this.commands = commands;
      this.operatorPages = operatorPages;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
      boolean read =
          HttpMethod.GET.is(request.getMethod()) || HttpMethod.HEAD.is(request.getMethod());
      String path = request.getHttpURI().getPath();
      if (SessionCommands.PATH.equals(path)) {
        endSessions(request, response, callback);
      } else if (!read) {
        response.getHeaders().put(HttpHeader.ALLOW, "GET, HEAD");
        Response.writeError(request, response, callback, 405);
      } else if ("/health/live".equals(path)) {
        write(response, callback, 200, object("live"));
      } else if ("/health/ready".equals(path)) {
        Optional<String> reason = notReady.get();
        ObjectNode body =
            reason.map(why -> object("not-ready").put("reason", why)).orElse(object("ready"));
        for (String complaint : complaints.get()) {
          body.withArray("/complaints").add(complaint);
        }
        write(response, callback, reason.isEmpty() ? 200 : 503, body);
      } else if (operatorPages.serves(path)) {
        operatorPages.answer(request, response, callback);
      } else {
        Response.writeError(request, response, callback, 404);
      }
      return true;
    }

    private void endSessions(Request request, Response response, Callback callback) {
      if (!SessionCommands.isLocal(request)) {
        Response.writeError(request, response, callback, 403);
      } else if (!HttpMethod.POST.is(request.getMethod())) {
        response.getHeaders().put(HttpHeader.ALLOW, "POST");
        Response.writeError(request, response, callback, 405);
      } else if (!SessionCommands.isJson(request)) {
        Response.writeError(request, response, callback, 415);
      } else {
        FormBody.read(request, SessionCommands.MAX_BYTES, GatehouseConfig.Limits.Pace.USUAL)
            .whenComplete(
                (body, failure) -> {
                  if (failure != null) {
                    Response.writeError(request, response, callback, 413);
                  } else {
                    answer(response, callback, commands.carryOut(body));
                  }
                });
      }
    }

    private static void answer(Response response, Callback callback, Optional<String> problem) {
      write(
          response,
          callback,
          problem.isEmpty() ? 200 : 400,
          problem
              .map(why -> object("refused").put("reason", why))
              .orElseGet(() -> object("ended")));
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
