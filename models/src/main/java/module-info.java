/** The paper's networks, data sets, and the protocols that train and evaluate them. */
module org.fasthebb.models {
  requires transitive org.fasthebb.hebb;
  requires com.google.gson;
  requires java.desktop;

  exports org.fasthebb.models;
  exports org.fasthebb.models.data;
  exports org.fasthebb.models.io;
  exports org.fasthebb.models.math;
  exports org.fasthebb.models.retrieval;
  exports org.fasthebb.models.train;
}
