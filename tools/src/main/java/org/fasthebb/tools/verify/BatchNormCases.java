package org.fasthebb.tools.verify;

import org.fasthebb.engine.BatchNorm;
import org.fasthebb.engine.Tape;
import org.fasthebb.engine.Tensor;
import org.fasthebb.engine.Variable;
import org.fasthebb.models.io.CheckpointException;

/** Batch norm: training passes over batches 1, 2, .., their gradients, and evaluation after all. */
final class BatchNormCases {
  private BatchNormCases() {}

  static void verify(GoldenFile file, Comparison comparison) {
    for (String name : file.prefixes()) {
      Comparison.CaseBody plain = c -> verify(file, c, name, false);
      Comparison.CaseBody modified = c -> verify(file, c, name, true);
      comparison.attempt(
          name + ".",
          c -> {
            if (name.startsWith("mod")) {
              modified.run(c);
            } else if (name.startsWith("plain")) {
              plain.run(c);
            } else {
              c.best(plain, modified);
            }
          });
    }
  }

  private static void verify(GoldenFile file, Comparison comparison, String name, boolean modified)
      throws CheckpointException {
    Tensor gamma = file.tensor(name + ".gamma");
    BatchNorm norm = new BatchNorm(file.backend(), gamma.size(), modified);
    norm.gamma().assign(gamma);
    norm.beta().assign(file.tensor(name + ".beta"));
    int batches = 0;
    for (int t = 1; file.has(name + ".x" + t); t++, batches++) {
      Tape tape = new Tape();
      Variable x = tape.parameter(file.tensor(name + ".x" + t));
      Variable scale = tape.parameter(norm.gamma());
      Variable shift = tape.parameter(norm.beta());
      Variable y = tape.batchNorm(x, norm, scale, shift);
      comparison.check(name + ".y" + t, y.value());
      comparison.check(name + ".running_mean" + t, norm.runningMean());
      comparison.check(name + ".running_var" + t, norm.runningVariance());
      if (file.has(name + ".dy" + t)) {
        tape.backward(y, file.tensor(name + ".dy" + t));
        comparison.check(name + ".dx" + t, x.gradient());
        comparison.check(name + ".dgamma" + t, scale.gradient());
        comparison.check(name + ".dbeta" + t, shift.gradient());
      }
    }
    for (int t = 1; t <= batches; t++) {
      String y = name + ".y" + t + "_eval";
      if (comparison.wants(y)) {
        comparison.check(y, norm.evaluate(file.tensor(name + ".x" + t)));
      }
    }
  }
}
