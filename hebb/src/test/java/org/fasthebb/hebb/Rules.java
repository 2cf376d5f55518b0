package org.fasthebb.hebb;

import java.util.List;
import java.util.stream.Stream;
import org.fasthebb.hebb.FeedbackRule.NaiveFeedback;
import org.fasthebb.hebb.Hpca.Form;

/** The rules on which tests of properties of all rules run. */
final class Rules {
  static final List<HebbianRule> FAST =
      List.of(
          new SoftWta(),
          new HardWta(),
          new HardWta(3),
          new HardWta(1, Response.SIGNED),
          new Oja(),
          new SoftHebb(1),
          new Hpca(Form.GRAM),
          new Hpca(Form.RESIDUAL),
          new Subspace(),
          new Ica(),
          new SparseCoding());

  static final List<HebbianRule> NAIVE =
      List.of(
          new Naive(new SoftWta()),
          new Naive(new HardWta()),
          new Naive(new HardWta(3)),
          new Naive(new HardWta(1, Response.SIGNED)),
          new Naive(new Oja()),
          new Naive(new SoftHebb(1)),
          new NaiveHpca(),
          new NaiveFeedback(new Subspace()),
          new NaiveFeedback(new Ica()),
          new NaiveFeedback(new SparseCoding()));

  static final List<HebbianRule> ALL = Stream.of(FAST, NAIVE).flatMap(List::stream).toList();

  private Rules() {}
}
