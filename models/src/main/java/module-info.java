/** The paper's networks, data sets, and the protocols that train and evaluate them. */
@SuppressWarnings("requires-automatic") // fastutil has no module descriptor
module org.fasthebb.models {
  requires transitive org.fasthebb.hebb;
  requires com.google.gson;
  requires it.unimi.dsi.fastutil.core;
  requires transitive java.desktop;

  exports org.fasthebb.models.data;
  exports org.fasthebb.models.imagenet;
  exports org.fasthebb.models.image;
  exports org.fasthebb.models.distributed;
  exports org.fasthebb.models.io;
  exports org.fasthebb.models.linalg;
  exports org.fasthebb.models.retrieval;
  exports org.fasthebb.models.inputs;
  exports org.fasthebb.models.learn;
  exports org.fasthebb.models.network;
  exports org.fasthebb.models.onnx;
  exports org.fasthebb.models.protocol;
  exports org.fasthebb.models.pack;
  exports org.fasthebb.models.random;
  exports org.fasthebb.models.readout;
  exports org.fasthebb.models.use;
}
