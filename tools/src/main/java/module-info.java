/** The command line. */
module org.fasthebb.tools {
  requires org.fasthebb.models;
  requires info.picocli;
  requires org.apache.commons.statistics.distribution;
  requires java.desktop;
  requires jdk.incubator.vector;
  requires jdk.management;

  opens org.fasthebb.tools to
      info.picocli,
      com.google.gson;
  opens org.fasthebb.tools.tables to
      com.google.gson;
  opens org.fasthebb.tools.verify to
      info.picocli;
}
