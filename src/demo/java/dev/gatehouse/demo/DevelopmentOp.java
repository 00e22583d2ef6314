package dev.gatehouse.demo;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.Proxy;
import java.net.URI;
import java.net.URLConnection;
import java.nio.file.Path;
import java.util.Set;
import no.nav.security.mock.oauth2.MockOAuth2Server;
import no.nav.security.mock.oauth2.OAuth2Config;
import no.nav.security.mock.oauth2.http.NettyWrapper;
import no.nav.security.mock.oauth2.token.OAuth2TokenProvider;

/**
 * An OpenID provider on loopback that believes everybody: no passwords, and signing keys that
 * everybody knows. For development alone; no other artefact contains it.
 */
final class DevelopmentOp implements Closeable {
  private static final String ISSUER_PATH = "/northwind";

  private static final int FIRST_ANSWER_MILLIS = 60_000;

  private final MockOAuth2Server server;
  private final LoopbackPort port;

  private DevelopmentOp(MockOAuth2Server server, LoopbackPort port) {
    this.server = server;
    this.port = port;
  }

  /**
   * Starts the OP and waits until it answers: its first answers take seconds on a busy machine,
   * longer than the gateway waits for an OP.
   *
   * @param loginPage the HTML file that asks who signs in
   */
  static DevelopmentOp start(LoopbackPort port, Path loginPage) throws IOException {
    MockOAuth2Server server =
        new MockOAuth2Server(
            new OAuth2Config(
                true,
                loginPage.toString(),
                null,
                false,
                new OAuth2TokenProvider(),
                Set.of(),
                new NettyWrapper()));
    server.start(LoopbackPort.address(), port.number());
    DevelopmentOp op = new DevelopmentOp(server, port);
    op.ask("/.well-known/openid-configuration");
    op.ask("/jwks");
    return op;
  }

  private void ask(String path) throws IOException {
    URLConnection answer = URI.create(issuer() + path).toURL().openConnection(Proxy.NO_PROXY);
    answer.setReadTimeout(FIRST_ANSWER_MILLIS);
    try (InputStream body = answer.getInputStream()) {
      body.readAllBytes();
    }
  }

  /** The issuer identifier: where discovery begins (OpenID Connect Discovery §4). */
  String issuer() {
    return port.origin() + ISSUER_PATH;
  }

  @Override
  public void close() {
    server.shutdown();
  }
}
