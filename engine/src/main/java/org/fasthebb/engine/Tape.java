package org.fasthebb.engine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Reverse-mode differentiation: operations on {@link Variable}s are recorded, and {@link #backward}
 * walks them in reverse. Each operation has its adjoint written right behind it.
 *
 * <p>For backprop only: Hebbian rules never touch it. Use one tape per step, inside a {@link
 * Scope}.
 *
 * <pre>{@code
 * try (Scope step = backend.scope()) {
 *   Tape tape = new Tape();
 *   Variable w = tape.parameter(weights);
 *   Variable y = tape.contract("bs,ns->bn", tape.constant(x), w);
 *   tape.backward(tape.crossEntropy(y, targets));
 *   Tensor dw = w.gradient();
 * }
 * }</pre>
 */
public final class Tape {
  private final List<Runnable> adjoints = new ArrayList<>();

  /** The winners of each max-pooling, by its output. */
  private final IdentityHashMap<Variable, Winners> winners = new IdentityHashMap<>();

  /** An empty tape. */
  public Tape() {}

  /** A value that gets a gradient. */
  public Variable parameter(Tensor value) {
    return new Variable(value, true);
  }

  /** A value that gets no gradient. */
  public Variable constant(Tensor value) {
    return new Variable(value, false);
  }

  private interface Adjoint {
    void run(Tensor outputGradient);
  }

  private Variable record(Tensor value, Adjoint adjoint, Variable... inputs) {
    boolean differentiable = false;
    for (Variable input : inputs) {
      differentiable |= input.isDifferentiable();
    }
    Variable out = new Variable(value, differentiable);
    if (differentiable) {
      adjoints.add(() -> {
        if (out.gradient() != null) {
          adjoint.run(out.gradient());
        }
      });
    }
    return out;
  }

  /**
   * Computes d loss / d v for every variable v that the loss depends on.
   *
   * @param loss a single number
   */
  public void backward(Variable loss) {
    if (loss.value().size() != 1) {
      throw new IllegalArgumentException(
          "backward() starts at a single number, but the loss is " + loss.value().layout());
    }
    backward(loss, loss.value().backend().empty(loss.value().shape()).fill(1f));
  }

  /** As {@link #backward(Variable)}, from any variable and the gradient at it. */
  public void backward(Variable from, Tensor gradient) {
    from.accumulateShared(gradient);
    for (int i = adjoints.size() - 1; i >= 0; i--) {
      adjoints.get(i).run();
    }
  }

  /** Einstein summation; dA = contract(dC, B) and dB = contract(A, dC), letters exchanged. */
  public Variable contract(String spec, Variable a, Variable b) {
    Contraction how = Contraction.of(spec);
    return record(
        Contraction.contract(spec, a.value(), b.value()),
        dc -> {
          if (a.isDifferentiable()) {
            String adjoint = how.result() + "," + how.second() + "->" + how.first();
            a.accumulate(Contraction.contract(adjoint, dc, b.value()));
          }
          if (b.isDifferentiable()) {
            String adjoint = how.first() + "," + how.result() + "->" + how.second();
            b.accumulate(Contraction.contract(adjoint, a.value(), dc));
          }
        },
        a,
        b);
  }

  /**
   * Valid convolution with stride 1: images (b, h, w, c) and weights (n, kh kw c) give (b, h-kh+1,
   * w-kw+1, n).
   */
  public Variable convolve(Variable image, Variable weights, int kh, int kw) {
    Tensor x = image.value();
    Tensor w = weights.value();
    Tensor patches = x.patches(kh, kw);
    Tensor y = Contraction.contract("bs,ns->bn", patches, w);
    int n = w.size(0);
    Tensor out = y.reshape(x.size(0), x.size(1) - kh + 1, x.size(2) - kw + 1, n);
    return record(
        out,
        dy -> {
          Tensor d = dy.reshape(y.shape());
          if (weights.isDifferentiable()) {
            weights.accumulate(Contraction.contract("bn,bs->ns", d, patches));
          }
          if (image.isDifferentiable()) {
            image.accumulate(TransposedConvolution.of(d, w, x.shape(), kh, kw));
          }
        },
        image,
        weights);
  }

  /**
   * Transposed convolution with stride 1, what {@link #convolve} does to gradients: images (b, h,
   * w, n) and weights (n, kh kw c) give (b, h+kh-1, w+kw-1, c).
   */
  public Variable convolveTransposed(Variable image, Variable weights, int kh, int kw) {
    Tensor x = image.value();
    Tensor w = weights.value();
    long pixels = kh < 1 || kw < 1 ? 0 : (long) kh * kw;
    if (x.rank() != 4
        || w.rank() != 2
        || x.size(3) != w.size(0)
        || pixels == 0
        || w.size(1) % pixels != 0) {
      throw new IllegalArgumentException(
          ("a transposed convolution by " + kh + "x" + kw)
              + (" needs images [b, h, w, n] and weights [n, " + pixels + " c],")
              + " but images are "
              + x.layout()
              + " and weights "
              + w.layout());
    }
    Tensor neurons = x.contiguous().reshape(x.size() / x.size(3), x.size(3));
    int c = w.size(1) / (kh * kw);
    int[] shape = {x.size(0), x.size(1) + kh - 1, x.size(2) + kw - 1, c};
    return record(
        TransposedConvolution.of(neurons, w, shape, kh, kw),
        dy -> {
          Tensor patches = dy.contiguous().patches(kh, kw);
          if (weights.isDifferentiable()) {
            weights.accumulate(Contraction.contract("bn,bs->ns", neurons, patches));
          }
          if (image.isDifferentiable()) {
            image.accumulate(Contraction.contract("bs,ns->bn", patches, w).reshape(x.shape()));
          }
        },
        image,
        weights);
  }

  /** a + b, with broadcasting. */
  public Variable plus(Variable a, Variable b) {
    return record(
        a.value().plus(b.value()),
        dc -> {
          if (a.isDifferentiable()) {
            a.accumulateShared(dc);
          }
          if (b.isDifferentiable()) {
            b.accumulateShared(dc);
          }
        },
        a,
        b);
  }

  /** a b element by element, with broadcasting. */
  public Variable times(Variable a, Variable b) {
    return record(
        a.value().times(b.value()),
        dc -> {
          if (a.isDifferentiable()) {
            a.accumulate(dc.times(b.value()));
          }
          if (b.isDifferentiable()) {
            b.accumulate(dc.times(a.value()));
          }
        },
        a,
        b);
  }

  /** x times a number. */
  public Variable times(Variable x, float factor) {
    return record(x.value().times(factor), dy -> x.accumulate(dy.times(factor)), x);
  }

  /** y = e^x; dx = y dy. */
  public Variable exp(Variable x) {
    Tensor y = x.value().exp();
    return record(y, dy -> x.accumulate(dy.times(y)), x);
  }

  /** max(x, 0). */
  public Variable relu(Variable x) {
    Tensor y = x.value().relu();
    return record(y, dy -> x.accumulate(dy.reluBackward(y)), x);
  }

  /** The same values in another shape. */
  public Variable reshape(Variable x, int... shape) {
    Tensor y = x.value().reshape(shape);
    return record(y, dy -> x.accumulateShared(dy.reshape(x.value().shape())), x);
  }

  /** Sum of all elements. */
  public Variable sum(Variable x) {
    return record(x.value().sum(), dy -> x.accumulate(dy.broadcast(x.value().shape()).copy()), x);
  }

  /**
   * Rows of w (n, s) divided by their norms, a zero norm counting as 1: u = w / |w|, dw = (du - u
   * sum_s(du u)) / |w|.
   */
  public Variable normalizeRows(Variable w) {
    Tensor norm = w.value().norms(1);
    Tensor u = w.value().div(norm);
    return record(u, du -> w.accumulate(du.minus(u.times(du.times(u).sum(1))).div(norm)), w);
  }

  /** Maximum of each k x k window of images (b, h, w, c); the gradient goes to the winner. */
  public Variable maxPool(Variable x, int k) {
    Backend backend = x.value().backend();
    Tensor in = x.value().contiguous();
    Tensor out = in.pooled(k);
    Tensor positions = backend.empty(out.shape());
    backend.device().maxPool(in, k, out, positions);
    Winners won = new Winners(positions, k, in.layout());
    Variable pooled = record(out, dy -> x.accumulate(won.put(dy)), x);
    winners.put(pooled, won);
    return pooled;
  }

  /**
   * Max-unpooling: puts each element of x at the position of the maximum that {@code pooled} has in
   * the same place, and 0 elsewhere. Only the positions of {@code pooled} are used, so it gets no
   * gradient.
   *
   * @param x (b, h/k, w/k, c)
   * @param pooled the output of a {@link #maxPool} on this tape for images (b, h, w, c)
   * @return images (b, h, w, c)
   */
  public Variable maxUnpool(Variable x, Variable pooled) {
    Winners won = winners.get(pooled);
    if (won == null || !Arrays.equals(x.value().shape(), pooled.value().shape())) {
      throw new IllegalArgumentException(
          "cannot unpool "
              + x.value().layout()
              + " by the winners of "
              + pooled.value().layout()
              + (won == null ? ": that is no max-pooling on this tape" : ": the shapes differ"));
    }
    return record(won.put(x.value()), dy -> x.accumulate(won.fetch(dy)), x);
  }

  /**
   * Records any other operation.
   *
   * @param y its output for x's value
   * @param adjoint gives the gradient at x, as a new tensor, from the gradient at y
   */
  public Variable apply(Variable x, Tensor y, UnaryOperator<Tensor> adjoint) {
    return record(y, dy -> x.accumulate(adjoint.apply(dy)), x);
  }

  /** Batch norm in training mode, with learned scale and shift; see {@link BatchNorm}. */
  public Variable batchNorm(Variable x, BatchNorm norm, Variable gamma, Variable beta) {
    return batchNorm(x, norm, gamma, beta, Reducer.IDENTITY);
  }

  /**
   * As above, of a shard of a batch. The gradients of gamma and beta are sums over this shard, as
   * those of all parameters are.
   */
  public Variable batchNorm(
      Variable x, BatchNorm norm, Variable gamma, Variable beta, Reducer reducer) {
    BatchNorm.Step step = norm.train(x.value(), reducer);
    return record(
        step.output(),
        dy -> {
          BatchNorm.Step.Gradients adjoint = step.adjoint(dy, x.isDifferentiable());
          if (gamma.isDifferentiable()) {
            gamma.accumulate(adjoint.gamma());
          }
          if (beta.isDifferentiable()) {
            beta.accumulate(adjoint.beta());
          }
          if (x.isDifferentiable()) {
            x.accumulate(adjoint.x());
          }
        },
        x,
        gamma,
        beta);
  }

  /**
   * Each element dropped with probability p, the others divided by 1-p.
   *
   * @param seed decides which, together with the step
   * @param step a whole number (1); another one for each step
   */
  public Variable dropout(Variable x, float p, long seed, Tensor step) {
    if (!(p >= 0 && p < 1)) {
      throw new IllegalArgumentException("dropout probability is " + p + "; it is in [0, 1)");
    }
    if (p == 0) {
      return x;
    }
    Backend backend = x.value().backend();
    Tensor in = x.value().contiguous();
    Tensor out = backend.empty(in.shape());
    backend.device().dropout(in, p, seed, step, out);
    return record(
        out,
        dy -> {
          Tensor dx = backend.empty(in.shape());
          backend.device().dropout(dy.contiguous(), p, seed, step, dx);
          x.accumulate(dx);
        },
        x);
  }

  /**
   * Mean over the rows of logits z (b, n) of -sum_n t_bn ln softmax(z)_bn.
   *
   * @param targets t (b, n), how much of a row belongs to each class; see {@link Backend#oneHot}
   */
  public Variable crossEntropy(Variable logits, Tensor targets) {
    Tensor z = logits.value();
    if (z.rank() != 2 || !Arrays.equals(z.shape(), targets.shape())) {
      throw new IllegalArgumentException(
          "cross entropy needs a target for every logit, but targets are "
              + targets.layout()
              + " and logits "
              + z.layout());
    }
    float perRow = 1f / Math.max(1, z.size(0));
    Tensor shifted = z.minus(z.max(1));
    Tensor logProbabilities = shifted.minus(shifted.exp().sum(1).log());
    Tensor loss = logProbabilities.times(targets).sum().timesAssign(-perRow);
    return record(
        loss.reshape(1),
        dl -> logits.accumulate(z.softmax(1f).minus(targets).timesAssign(perRow).timesAssign(dl)),
        logits);
  }
}
