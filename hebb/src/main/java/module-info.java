/**
 * Hebbian learning rules written against the tensor engine, each in the naive form that defines it
 * and in the fast form of the FastHebb paper.
 */
module org.fasthebb.hebb {
  requires transitive org.fasthebb.engine;

  exports org.fasthebb.hebb;
}
