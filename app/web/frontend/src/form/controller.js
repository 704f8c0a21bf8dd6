export default function form() {}
