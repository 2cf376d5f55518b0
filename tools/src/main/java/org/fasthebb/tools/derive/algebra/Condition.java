package org.fasthebb.tools.derive.algebra;

/**
 * Which values an index of a sum takes, seen from another index.
 *
 * @param axis the index of the sum
 * @param relation how it stands to the other
 * @param other a neuron, a block of neurons, or a shard
 */
public record Condition(NamedAxis axis, Relation relation, NamedAxis other) {
  /** How two indices stand to each other. */
  public enum Relation {
    /** Not after the other neuron. */
    AT_MOST("≤"),
    /** In an earlier block than this one. */
    BEFORE("<"),
    /** In this block or shard. */
    IN("∈");

    private final String sign;

    Relation(String sign) {
      this.sign = sign;
    }

    /** The sign between the two indices. */
    public String sign() {
      return sign;
    }
  }

  @Override
  public String toString() {
    return axis + relation.sign + other;
  }
}
