package org.fasthebb.hebb;

import static org.fasthebb.hebb.Tensors.CPU;
import static org.fasthebb.hebb.Tensors.assertClose;
import static org.fasthebb.hebb.Tensors.random;
import static org.fasthebb.hebb.Tensors.weights;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import org.fasthebb.engine.Tape;
import org.fasthebb.engine.Tensor;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ResponseTest {
  /** Without a bias, backprop starts from the outputs that the rule has seen. */
  @ParameterizedTest
  @EnumSource
  void tracesTheSameFunction(Response response) {
    Tensor images = random(1, 2, 6, 5, 3);
    Tensor w = weights(2, 4, 2 * 3 * 3).timesAssign(3); // neurons whose norm is not 1
    Tape tape = new Tape();
    Tensor y = response.trace(tape, tape.constant(images), tape.parameter(w), null, 2, 3).value();
    assertArrayEquals(new int[] {2, 5, 3, 4}, y.shape());
    Tensor rows = y.reshape(2 * 5 * 3, 4);
    assertClose("traced", response.of(images.patches(2, 3), w), rows, 1e-6);
  }

  @ParameterizedTest
  @EnumSource
  void addsTheBiasBeforeItRectifies(Response response) {
    Tensor images = random(1, 2, 4, 4, 1);
    Tensor w = weights(2, 3, 4);
    Tensor bias = CPU.of(new float[] {-0.5f, 0, 0.5f}, 3);
    boolean byDirection = response == Response.PROJECTED || response == Response.SIGNED;
    Tensor linear = byDirection ? Norms.directions(w) : w;
    Tensor expected = Response.LINEAR.of(images.patches(2, 2), linear).plus(bias);
    if (response.isRectified()) {
      expected.reluAssign();
    }
    Tape tape = new Tape();
    Tensor y =
        response
            .trace(tape, tape.constant(images), tape.parameter(w), tape.parameter(bias), 2, 2)
            .value();
    assertClose("traced", expected, y.reshape(2 * 3 * 3, 3), 1e-6);
  }

  /** An output is max(0, u) of the unrectified response's output u. */
  @ParameterizedTest
  @EnumSource
  void keepsTheSignIfUnrectified(Response response) {
    Tensor x = random(1, 5, 4);
    Tensor w = weights(2, 3, 4).timesAssign(3);
    Tensor u = response.unrectified().of(x, w);
    Tensor y = response.of(x, w);
    assertClose("rectified", response.isRectified() ? u.relu() : u, y, 0);
    assertFalse(response.unrectified().isRectified());
  }
}
