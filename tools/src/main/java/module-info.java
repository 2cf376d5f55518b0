/** The command line. */
@SuppressWarnings("requires-automatic")
module org.fasthebb.tools {
  requires org.fasthebb.models;
  requires info.picocli;
  requires org.apache.commons.statistics.distribution;
  requires java.compiler;
  requires java.desktop;
  requires java.net.http;
  requires jdk.jshell;
  requires jdk.management;

  opens org.fasthebb.tools to
      info.picocli;
  opens org.fasthebb.tools.command to
      info.picocli,
      com.google.gson;
  opens org.fasthebb.tools.option to
      info.picocli,
      com.google.gson;
  opens org.fasthebb.tools.photos to
      info.picocli,
      com.google.gson;
  opens org.fasthebb.tools.research to
      info.picocli,
      com.google.gson;
  opens org.fasthebb.tools.console to
      info.picocli;
  opens org.fasthebb.tools.report to
      com.google.gson;
  opens org.fasthebb.tools.search to
      info.picocli,
      com.google.gson;
  opens org.fasthebb.tools.tables to
      com.google.gson;
}
