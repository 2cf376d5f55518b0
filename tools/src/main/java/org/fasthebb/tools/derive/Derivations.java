package org.fasthebb.tools.derive;

import static org.fasthebb.tools.derive.algebra.Expr.minus;
import static org.fasthebb.tools.derive.algebra.Expr.named;
import static org.fasthebb.tools.derive.algebra.Expr.sum;
import static org.fasthebb.tools.derive.algebra.Expr.times;

import java.util.List;
import org.fasthebb.tools.derive.Derivation.Move;
import org.fasthebb.tools.derive.algebra.Axis;
import org.fasthebb.tools.derive.algebra.Condition;
import org.fasthebb.tools.derive.algebra.Condition.Relation;
import org.fasthebb.tools.derive.algebra.Definition;
import org.fasthebb.tools.derive.algebra.Definition.Kind;
import org.fasthebb.tools.derive.algebra.Expr;
import org.fasthebb.tools.derive.algebra.Form;
import org.fasthebb.tools.derive.algebra.IndexLaws;
import org.fasthebb.tools.derive.algebra.Law;
import org.fasthebb.tools.derive.algebra.Laws;
import org.fasthebb.tools.derive.algebra.Subscript;

/** The derivations of the paper's section 3, and those that this program adds to them. */
public enum Derivations {
  /** Soft winner-takes-all, eq. 1 to eq. 6. */
  SWTA(
      "Soft winner-takes-all, from eq. 1 to eq. 6",
      "The share R_bn says how strongly patch b pulls neuron n. C_bn averages over patches. Taken"
          + " literally, every patch makes a change of all weights; contracted early, none does."),
  /** HPCA, eq. 2 to eq. 8. */
  HPCA(
      "Hebbian PCA, from eq. 2 to eq. 8",
      "Neuron n learns what neurons 1 .. n do not reconstruct. Taken literally, each neuron has a"
          + " residual of its own for every patch; the Gram matrix of the outputs says the same."),
  /** HPCA, eq. 8 to the blocked residual. */
  RESIDUAL(
      "Hebbian PCA, from eq. 8 to the blocked residual",
      "In a wide layer the product of P and W dominates eq. 8. All neurons of a block can share one"
          + " residual, which is carried from block to block."),
  /** Statistics that add up. */
  STATISTICS(
      "Statistics that add up over shards and machines",
      "A sum over the batch is a sum of sums over its shards. So machines add up exactly, and"
          + " memory does not depend on the batch."),
  /** Oja's rule. */
  OJA(
      "Oja's rule",
      "Every neuron subtracts its own reconstruction alone. The same three laws as for soft-WTA"
          + " give its fast form."),
  /** Convolution and its gradients. */
  CONVOLUTION(
      "Convolution and its gradients as matrix products",
      "A patch matrix is the image seen through other indices. With it a convolution and both of"
          + " its gradients are contractions over one index.");

  private final String title;
  private final String idea;

  Derivations(String title, String idea) {
    this.title = title;
    this.idea = idea;
  }

  String title() {
    return title;
  }

  String idea() {
    return idea;
  }

  /** The chains of this derivation. */
  List<Derivation> parts() {
    return switch (this) {
      case SWTA -> List.of(swta());
      case HPCA -> List.of(hpca());
      case RESIDUAL -> List.of(residual());
      case STATISTICS -> List.of(statistics());
      case OJA -> List.of(oja());
      case CONVOLUTION -> List.of(output(), weightGradient(), imageGradient());
    };
  }

  private static final Expr ETA = named("η", "");
  private static final Expr PER_PATCH = named("1/B", "");
  private static final Expr W = named("W", "ns");
  private static final Expr X = named("X", "bs");
  private static final Expr Y = named("Y", "bn");
  private static final Expr Y_M = named("Y", "bm");
  private static final Expr W_M = named("W", "ms");
  private static final Expr L = named("L", "nm");
  private static final Expr.Named DELTA = named("ΔW", "ns");

  /** Σ_b Y_bn Y_bm. */
  private static final Expr GRAM = sum(Axis.B, times(Y, Y_M));

  private static Form perPatch(Expr change, Expr aggregated) {
    return Form.of(DELTA, aggregated)
        .with(new Definition(named("D", "bns"), change, Kind.COMPUTED));
  }

  private static Derivation swta() {
    Expr change = times(ETA, named("R", "bn"), minus(X, W));
    Expr weighted = sum(Axis.B, times(named("C", "bn"), named("D", "bns")));
    Expr cr = named("CR", "bn");
    return new Derivation(
        "Soft winner-takes-all",
        perPatch(change, weighted),
        "eq. 1, 4",
        List.of(
            move(Laws.substitute("D"), "", "Update and aggregation are one expression now."),
            move(Laws.pullOut("η", Axis.B), "eq. 5", "A number depends on no index."),
            move(
                Laws.name(times(named("C", "bn"), named("R", "bn")), "CR"),
                "eq. 5",
                "Pull and average are both B × N: multiply them first."),
            move(
                Laws.distribute(),
                "",
                "The difference was B × N × S; each of its terms alone need not be."),
            move(Laws.pullOut("W", Axis.B), "", "The weights are the same for every patch."),
            move(
                Laws.name(sum(Axis.B, cr), "Q"),
                "eq. 6",
                "Index b is contracted early: nothing larger than B × N or N × S remains.")));
  }

  private static Expr residualOf(Expr reconstruction) {
    return minus(X, reconstruction);
  }

  private static Derivation hpca() {
    Condition triangle = new Condition(Axis.M, Relation.AT_MOST, Axis.N);
    Expr change = times(Y, residualOf(sum(triangle, times(Y_M, W_M))));
    Expr average = times(ETA, PER_PATCH, sum(Axis.B, named("D", "bns")));
    Expr residual = residualOf(sum(Axis.M, times(L, Y_M, W_M)));
    return new Derivation(
        "Hebbian PCA",
        perPatch(change, average),
        "eq. 2, 4",
        List.of(
            move(Laws.substitute("D"), "eq. 7", "Update and aggregation are one expression now."),
            move(IndexLaws.mask(Axis.M), "eq. 7", "A sum without a condition is a matrix product."),
            move(
                Laws.name(residual, "E"),
                "eq. 7",
                "Each neuron has a residual of its own for every patch: B × N × S."),
            move(Laws.substitute("E"), "eq. 8", "Back, to take another way."),
            move(Laws.distribute(), "eq. 8", "The first term is a matrix product already."),
            move(
                Laws.reorder(Axis.B, Axis.M),
                "eq. 8",
                "The sum over b comes inside, where it can be contracted first."),
            move(Laws.pullOut("W", Axis.B), "", "The weights are the same for every patch."),
            move(Laws.pullOut("L", Axis.B), "", "So is the triangle."),
            move(
                Laws.name(times(L, GRAM), "P"),
                "eq. 8",
                "P is N × N: the batch is gone before the weights come in.")));
  }

  private static Derivation residual() {
    Expr first = times(ETA, PER_PATCH, sum(Axis.B, times(Y, X)));
    Expr second = times(ETA, PER_PATCH, sum(Axis.M, times(named("P", "nm"), W_M)));
    Form start =
        Form.of(DELTA, minus(first, second))
            .with(new Definition(named("P", "nm"), times(L, GRAM), Kind.COMPUTED));
    Condition earlier = new Condition(Axis.M, Relation.BEFORE, Axis.K);
    Expr residual = residualOf(sum(earlier, times(Y_M, W_M)));
    return new Derivation(
        "Hebbian PCA by blocks",
        start,
        "eq. 8",
        List.of(
            move(Laws.substitute("P"), "", "The product P W costs N²S, however small the batch."),
            move(IndexLaws.unmask(Axis.M), "", "Half of L is zero; a condition says which half."),
            move(
                IndexLaws.splitTriangle(Axis.M),
                "",
                "k is the block of K neurons that n is in; the first sum is the same for all of"
                    + " them but for the factor of n."),
            move(Laws.distribute(), "", "Three terms: input, earlier blocks, own block."),
            move(Laws.takeIn("W", Axis.B), "", "For earlier blocks, go back from the Gram matrix"),
            move(Laws.reorder(Axis.M, Axis.B), "", "to a reconstruction of each patch:"),
            move(Laws.pullOut("Y", Axis.M), "", "no neuron n is in the sum over m any more."),
            move(
                Laws.collect("Y", Axis.B),
                "",
                "What the earlier blocks reconstruct is subtracted from the patch."),
            move(
                Laws.name(residual, "E"),
                "",
                "One residual for a whole block, where eq. 7 has one for each neuron."),
            move(Laws.name(GRAM, "P"), "", "Within a block, as in eq. 8, but K × K."),
            move(
                IndexLaws.carry("E"),
                "blocked residual",
                "Each block takes away its own part: 2 BNS multiplications and little more.")));
  }

  private static Derivation statistics() {
    Expr first = times(PER_PATCH, sum(Axis.B, times(Y, X)));
    Expr second = times(PER_PATCH, sum(Axis.M, times(L, GRAM, W_M)));
    Condition in = new Condition(Axis.B, Relation.IN, Axis.G);
    Expr a = sum(in, times(Y, X));
    Expr p = sum(in, times(Y, Y_M));
    return new Derivation(
        "Statistics of HPCA",
        Form.of(DELTA, minus(first, second)),
        "eq. 8",
        List.of(
            move(IndexLaws.shard(Axis.B), "", "Each patch is in one shard, so nothing is lost."),
            move(Laws.name(a, "A"), "", "What a shard, or a machine, has to tell of its patches:"),
            move(Laws.name(p, "P"), "", "N × S and N × N numbers, however many patches it saw."),
            move(Laws.substitute("A"), "", "If the shards come one after the other, their"),
            move(Laws.substitute("P"), "", "statistics need not be kept apart:"),
            move(Laws.name(sum(Axis.G, a), "A"), "", "they are added up as they come."),
            move(
                Laws.name(sum(Axis.G, p), "P"),
                "statistics",
                "The memory is that of one shard. To add in the same order gives the same bits.")));
  }

  private static Derivation oja() {
    Expr change = times(Y, minus(X, times(Y, W)));
    Expr average = times(ETA, PER_PATCH, sum(Axis.B, named("D", "bns")));
    return new Derivation(
        "Oja's rule",
        perPatch(change, average),
        "Oja 1982, eq. 4",
        List.of(
            move(Laws.substitute("D"), "", "Update and aggregation are one expression now."),
            move(Laws.distribute(), "", "Two terms, of which the first is a matrix product."),
            move(Laws.pullOut("W", Axis.B), "", "The weights are the same for every patch."),
            move(
                Laws.name(sum(Axis.B, times(Y, Y)), "P"),
                "as eq. 6",
                "How much each neuron responded decides how much it forgets.")));
  }

  /** The image I at row y+i and column x+j. */
  private static final Expr.Named PATCHES = shifted("I", Axis.Y, 1, Axis.X, Axis.C);

  private static Expr.Named shifted(String name, Axis row, int sign, Axis column, Axis last) {
    return new Expr.Named(
        name,
        List.of(
            Subscript.of(Axis.U),
            new Subscript(row, sign, Axis.I),
            new Subscript(column, sign, Axis.J),
            Subscript.of(last)));
  }

  private static final List<Axis> PATCH = List.of(Axis.U, Axis.Y, Axis.X);
  private static final List<Axis> VALUE = List.of(Axis.I, Axis.J, Axis.C);

  private static Derivation output() {
    Expr product = times(PATCHES, named("W", "nijc"));
    return new Derivation(
        "Output",
        Form.of(named("Y", "uyxn"), sum(Axis.I, sum(Axis.J, sum(Axis.C, product)))),
        "definition",
        asMatrices());
  }

  private static Derivation weightGradient() {
    Expr product = times(named("G", "uyxn"), PATCHES);
    return new Derivation(
        "Gradient of the weights, with G that of the output",
        Form.of(named("ΔW", "nijc"), sum(Axis.U, sum(Axis.Y, sum(Axis.X, product)))),
        "chain rule",
        asMatrices());
  }

  private static List<Move> asMatrices() {
    return List.of(
        move(Laws.name(PATCHES, "X"), "", "A view: no number is copied, none is computed."),
        move(IndexLaws.flatten(PATCH, Axis.B), "", "b runs over all patches of all images."),
        move(
            IndexLaws.flatten(VALUE, Axis.S),
            "contraction",
            "s runs over all values of a patch: the paper's X_bs, and one matrix product."));
  }

  private static Derivation imageGradient() {
    Expr.Named outputs = shifted("G", Axis.P, -1, Axis.Q, Axis.N);
    Expr product = times(outputs, named("W", "nijc"));
    return new Derivation(
        "Gradient of the image: pixel p was seen as p = y + i, so y = p − i",
        Form.of(named("ΔI", "upqc"), sum(Axis.N, sum(Axis.I, sum(Axis.J, product)))),
        "chain rule",
        List.of(
            move(Laws.name(outputs, "Z"), "", "All outputs that see a pixel; 0 outside."),
            move(
                IndexLaws.flatten(List.of(Axis.U, Axis.P, Axis.Q), Axis.D),
                "",
                "d runs over pixels."),
            move(
                IndexLaws.flatten(List.of(Axis.N, Axis.I, Axis.J), Axis.T),
                "contraction",
                "A convolution again, with the image and the gradient in each other's place.")));
  }

  private static Move move(Law law, String label, String note) {
    return new Move(law, label, note);
  }
}
