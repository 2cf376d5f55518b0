package org.fasthebb.models.distributed;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.BinaryOperator;

/**
 * Merges the values of shards along one binary tree: ((0 1) (2 3)) ((4 5) (6 7)). Values come in
 * the order of shards, and those of a finished subtree are merged at once, as a binary counter
 * carries. A worker merges the subtrees that lie in its own shards, and hands on their roots, of
 * which there are few; whoever puts the roots of all workers together goes on with the same tree.
 */
final class MergeTree<T> {
  private final BinaryOperator<T> merge;
  private final Deque<Node<T>> nodes = new ArrayDeque<>();

  /**
   * The root of a subtree.
   *
   * @param from first shard, a multiple of size
   * @param size number of shards, a power of two
   * @param value merged from them
   */
  record Node<T>(int from, int size, T value) {
    boolean isLeftOf(Node<T> right) {
      return size == right.size && from % (2 * size) == 0 && from + size == right.from;
    }
  }

  /**
   * A tree without values.
   *
   * @param merge takes the value of the left subtree first, and may reuse its memory
   */
  MergeTree(BinaryOperator<T> merge) {
    this.merge = merge;
  }

  /** A tree of sums, element by element. */
  static MergeTree<float[]> ofSums() {
    return new MergeTree<>((left, right) -> {
      for (int i = 0; i < left.length; i++) {
        left[i] += right[i];
      }
      return left;
    });
  }

  /** Adds the value of the next shards. */
  void add(int from, int size, T value) {
    Node<T> node = new Node<>(from, size, value);
    while (!nodes.isEmpty() && nodes.peekLast().isLeftOf(node)) {
      Node<T> left = nodes.removeLast();
      node = new Node<>(left.from, 2 * left.size, merge.apply(left.value, node.value));
    }
    nodes.addLast(node);
  }

  /** The roots that could not be merged yet, in the order of shards. */
  List<Node<T>> roots() {
    return new ArrayList<>(nodes);
  }

  /** What all shards were merged into. */
  T whole() {
    if (nodes.size() != 1) {
      throw new IllegalStateException(
          "the tree has " + nodes.size() + " roots; shards are missing");
    }
    return nodes.getFirst().value;
  }

  /** The roots that a worker with the shards from .. to-1 is left with, without values. */
  static List<Node<Void>> roots(int from, int to) {
    MergeTree<Void> tree = new MergeTree<>((_, _) -> null);
    for (int shard = from; shard < to; shard++) {
      tree.add(shard, 1, null);
    }
    return tree.roots();
  }
}
