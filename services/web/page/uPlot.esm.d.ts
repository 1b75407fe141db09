// Types of what the replica serves as /page/uPlot.esm.js.
import uPlot from 'uplot';
export default uPlot;
