package dev.gatehouse.proxy;

import org.eclipse.jetty.client.EarlyHintsProtocolHandler;
import org.eclipse.jetty.client.ProtocolHandlers;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.Response;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpStatus;

/**
 * The app's answers of status 1xx (RFC 9110 §15.2). 103 goes on to the client; 100 is the gateway's
 * own business, since it does not send Expect; the others mean nothing to a browser and end here.
 */
final class InterimAnswers {
  private InterimAnswers() {}

  static void forwardedBy(ProtocolHandlers handlers) {
    handlers.put(new EarlyHints());
    handlers.put(new Others());
  }

  private static final class EarlyHints extends EarlyHintsProtocolHandler {
    @Override
    protected void onEarlyHints(Request request, HttpFields fields) {
      if (request.getAttributes().get(UpstreamExchange.ATTRIBUTE)
          instanceof UpstreamExchange exchange) {
        exchange.interim(HttpStatus.EARLY_HINTS_103, fields);
      }
    }
  }

  private static final class Others extends EarlyHintsProtocolHandler {
    @Override
    public String getName() {
      return "other-interim";
    }

    @Override
    public boolean accept(Request request, Response response) {
      int status = response.getStatus();
      return HttpStatus.isInterim(status) && status != HttpStatus.EARLY_HINTS_103;
    }
  }
}
