package org.fasthebb.engine;

import static org.fasthebb.engine.Contraction.contract;
import static org.fasthebb.engine.Contraction.contractAdd;

import org.fasthebb.testing.Allocations;
import org.junit.jupiter.api.Test;

/** A loop whose body is one scope allocates next to nothing once it has run for a while. */
class AllocationTest {
  private static final int ROUNDS = 50;

  private static void assertSettlesBelow(long most, Runnable round)
      throws ReflectiveOperationException {
    Allocations.assertSettlesBelow(most, ROUNDS, "a round", round);
  }

  private static void contractSoftmaxReduce(Backend backend, Tensor x, Tensor w, Tensor sums) {
    try (Scope _ = backend.scope()) {
      Tensor p = contract("bs,ns->bn", x, w).softmax(2);
      contractAdd(sums, "bn,bs->ns", p.square(), x);
      p.sum(0).plus(p.sumOfSquares(1).max()).sqrt();
    }
  }

  @Test
  void contractionSoftmaxAndReductions() throws ReflectiveOperationException {
    for (int threads = 1; threads <= 2; threads++) {
      try (Backend backend = Backend.cpu(threads)) {
        // Temporaries of 200 kB; the second contraction has several k parts.
        Tensor x = backend.zeros(1500, 40).fill(0.5f);
        Tensor w = backend.zeros(33, 40).fill(0.1f);
        Tensor sums = backend.zeros(33, 40);
        assertSettlesBelow(20_000, () -> contractSoftmaxReduce(backend, x, w, sums));
      }
    }
  }

  @Test
  void competition() throws ReflectiveOperationException {
    try (Backend backend = Backend.cpu(1)) {
      Tensor y = backend.zeros(600, 96).fill(0.5f);
      Tensor patchNorms = backend.zeros(600, 1).fill(2);
      Tensor neuronNorms = backend.zeros(1, 96).fill(1);
      Tensor squares = backend.zeros(600, 96);
      Tensor sums = backend.zeros(2, 96);
      assertSettlesBelow(
          2_000, () -> backend.device().compete(y, patchNorms, neuronNorms, 50, squares, sums));
    }
  }

  @Test
  void trainingStep() throws ReflectiveOperationException {
    try (Backend backend = Backend.cpu(1)) {
      Tensor images = backend.zeros(8, 12, 12, 3).fill(0.5f);
      Tensor w = backend.zeros(16, 75).fill(0.1f);
      BatchNorm norm = new BatchNorm(backend, 16, true);
      assertSettlesBelow(60_000, () -> step(backend, images, w, norm));
    }
  }

  private static void step(Backend backend, Tensor images, Tensor w, BatchNorm norm) {
    try (Scope _ = backend.scope()) {
      Tape tape = new Tape();
      Variable weights = tape.parameter(w);
      Variable y = tape.relu(tape.convolve(tape.constant(images), weights, 5, 5));
      Variable gamma = tape.parameter(norm.gamma());
      y = tape.batchNorm(tape.maxPool(y, 2), norm, gamma, tape.parameter(norm.beta()));
      tape.backward(tape.sum(y));
      w.addAssign(weights.gradient().timesAssign(-1e-3f));
    }
  }
}
