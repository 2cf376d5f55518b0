/** A program that learns without labels. With this descriptor, Java needs no flags to run it. */
module embedder {
  requires org.fasthebb.hebb;
}
