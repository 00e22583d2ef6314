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
}
