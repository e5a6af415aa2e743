/** The part of the library that is used: its build for the web takes the fetch that Node has; the other one brings a fetch that warns on stderr. */
export { Api } from "grammy/web";
