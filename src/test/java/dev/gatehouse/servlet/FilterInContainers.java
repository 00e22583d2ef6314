package dev.gatehouse.servlet;

import dev.gatehouse.gate.Decision;
import dev.gatehouse.testkit.Reply;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The filter with a gate that does as it is told, in each container that really dispatches. */
@ParameterizedClass
@EnumSource(ContainerKind.class)
abstract class FilterInContainers {
  static final String APP = Container.CONTEXT_PATH;

  static FakeGate gate;
  static Container container;

  final ContainerKind kind;

  FilterInContainers(ContainerKind kind) {
    this.kind = kind;
  }

  @BeforeParameterizedClassInvocation
  static void start(ContainerKind kind) throws Exception {
    gate = new FakeGate();
    container = kind.start(new BeforeFilter(), new GatehouseFilter(gate));
  }

  @AfterParameterizedClassInvocation
  static void stop() throws Exception {
    container.stop();
  }

  @BeforeEach
  void letAlicePass() {
    passAs(FakeForward.as("alice"));
  }

  static void passAs(FakeForward forward) {
    gate.decideAlways(request -> new Decision.ToApp(forward.to(request)));
  }

  static List<String> lines(Reply reply) {
    return reply.text().lines().toList();
  }
}
