package dev.gatehouse.proxy;

import java.net.URI;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.transport.HttpConversation;
import org.eclipse.jetty.client.transport.HttpRequest;

/**
 * A request to the app with the judged path and the query as it came. Jetty's own would parse the
 * target as a URI and send what it understood.
 */
class UpstreamRequest extends HttpRequest {
  private final String path;
  private final String query;
  private Runnable unsent;
  private boolean settled;

  /**
   * @param query null for none
   */
  UpstreamRequest(HttpClient client, URI origin, String path, String query) {
    super(client, new HttpConversation(), origin);
    this.path = path;
    this.query = query;
  }

  @Override
  public String getPath() {
    return path;
  }

  @Override
  public String getQuery() {
    return query;
  }

  @Override
  public Request path(String other) {
    throw new IllegalStateException("the path has been judged");
  }

  /**
   * The app takes no more of the body; what it has to say may still come.
   *
   * @param failure what is to be done once that is settled
   */
  void unsent(Runnable failure) {
    synchronized (this) {
      if (!settled) {
        unsent = failure;
        return;
      }
    }
    failure.run();
  }

  /** The answer has come, or never will. */
  void settled() {
    Runnable failure;
    synchronized (this) {
      settled = true;
      failure = unsent;
      unsent = null;
    }
    if (failure != null) {
      failure.run();
    }
  }
}
