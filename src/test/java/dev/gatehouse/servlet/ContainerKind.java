package dev.gatehouse.servlet;

import jakarta.servlet.Filter;

/** The containers in which the filter is tested. */
enum ContainerKind {
  JETTY {
    @Override
    Container start(Filter before, Filter filter) throws Exception {
      return new JettyContainer(before, filter);
    }
  },
  TOMCAT {
    @Override
    Container start(Filter before, Filter filter) throws Exception {
      return new TomcatContainer(before, filter);
    }
  };

  abstract Container start(Filter before, Filter filter) throws Exception;
}
