package dev.gatehouse.demo;

import java.io.Closeable;
import java.io.IOException;
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

  private final MockOAuth2Server server;
  private final LoopbackPort port;

  private DevelopmentOp(MockOAuth2Server server, LoopbackPort port) {
    this.server = server;
    this.port = port;
  }

  /**
   * Starts the OP.
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
    return new DevelopmentOp(server, port);
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
